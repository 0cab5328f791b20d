// AutoDiff (github.com/alexshtf/autodiff): the jobs of ../../jobs.hpp in the fastest of the ways that were tried. Every term is
// compiled once; a repeat is one Differentiate. It has no Jacobian.
using AutoDiff;
using Peers;

// Compiling a term recurses as deep as the term is.
Func<Func<double>> OnDeepStack(Func<Func<double>> make) => () =>
{
    Func<double>? job = null;
    Thread builder = new(() => job = make(), maxStackSize: 1 << 30);
    builder.Start();
    builder.Join();
    return job!;
};

Server.Serve(new()
{
    ["neuron"] = Jobs.Neuron,
    ["loop"] = OnDeepStack(Jobs.Loop),
    ["rosenbrock"] = OnDeepStack(() => Jobs.Gradient(Jobs.Rosenbrock, JobData.Start(), 0)),
    ["product"] = OnDeepStack(() => Jobs.Gradient(Jobs.Product, JobData.Start(), 0)),
});

internal static class Jobs
{
    public static Func<double> Gradient(Func<Variable[], Term> f, double[] at, int entry)
    {
        Variable[] variables = [.. at.Select(_ => new Variable())];
        ICompiledTerm compiled = f(variables).Compile(variables);
        double[] gradient = new double[at.Length];
        return () =>
        {
            compiled.Differentiate(at, gradient);
            return gradient[entry];
        };
    }

    /// <summary>A compiled term for each of the four examples (its parameters take twice as long).</summary>
    public static Func<double> Neuron()
    {
        Variable w = new(), b = new();
        ICompiledTerm[] losses = [.. Enumerable.Range(0, 4).Select(example =>
        {
            Term error = TermBuilder.Sum(w * JobData.Inputs[example], b, -JobData.Targets[example]);
            return (error * error).Compile(w, b);
        })];
        double[] at = new double[2], gradient = new double[2];
        int step = 0;
        return () =>
        {
            losses[step & 3].Differentiate(at, gradient);
            at[0] -= 0.01 * gradient[0];
            at[1] -= 0.01 * gradient[1];
            step++;
            return at[0];
        };
    }

    public static Func<double> Loop() => Gradient(p =>
    {
        Term v = p[0];
        for (int k = 0; k < JobData.Size; k++) v = v * p[1] + p[2];
        return v;
    }, [0.5, 0.999, 0.001], 1);

    public static Term Product(Variable[] x)
    {
        Term product = x[0];
        for (int i = 1; i < x.Length; i++) product *= x[i];
        return product;
    }

    /// <summary>One sum of all terms, the constants shared, and −xᵢ shared by the bend and the gap.</summary>
    public static Term Rosenbrock(Variable[] x)
    {
        Term one = 1, minus = -1, hundred = 100;
        List<Term> terms = [];
        for (int i = 0; i + 1 < x.Length; i++)
        {
            Term negative = minus * x[i], bend = x[i + 1] + negative * x[i], gap = one + negative;
            terms.Add(hundred * (bend * bend));
            terms.Add(gap * gap);
        }
        return TermBuilder.Sum(terms);
    }
}
