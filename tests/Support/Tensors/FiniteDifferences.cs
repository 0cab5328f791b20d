namespace Adjoint.Tests.Ops;

using Autograd = Adjoint.Autograd;

/// <summary>Compares gradients and tangents of first and second order with difference quotients, in Float64.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-6, Tolerance = 1e-5;

    /// <summary>Checks the gradients of Σ w·f(inputs) for fixed w, and those of a function of the gradients themselves.</summary>
    public static void Check(Func<Tensor[], Tensor> f, params Tensor[] inputs)
    {
        CheckFirst(f, inputs);
        CheckFirst(leaves => SumOfGradients(f, leaves), inputs);
    }

    /// <summary>Checks the gradients of Σ w·f(inputs) for fixed w.</summary>
    public static void CheckFirst(Func<Tensor[], Tensor> f, params Tensor[] inputs)
    {
        Tensor[] leaves = [.. inputs.Select(x => x.Detach().Clone().RequiresGradInPlace())];
        Tensor?[] gradients = Autograd.Grad(new[] { Weighted(f(leaves)) }, leaves, allowUnused: true);
        for (int i = 0; i < leaves.Length; i++)
        {
            double[] analytic = gradients[i]?.ToArray<double>() ?? new double[leaves[i].NumEl];
            gradients[i]?.Shape.ShouldBe(leaves[i].Shape);
            for (int e = 0; e < analytic.Length; e++)
            {
                double above = Moved(f, leaves, i, e, Step), below = Moved(f, leaves, i, e, -Step);
                double numeric = (above - below) / (2 * Step);
                analytic[e].ShouldBe(numeric, Tolerance * Math.Max(1, Math.Abs(numeric)), $"input {i}, element {e}");
            }
        }
    }

    private static double Moved(Func<Tensor[], Tensor> f, Tensor[] leaves, int input, int element, double step)
    {
        Tensor[] moved = [.. leaves.Select(x => x.Detach().Clone().RequiresGradInPlace())];
        moved[input].Detach().AsSpan<double>()[element] += step;
        return Weighted(f(moved)).Item();
    }

    /// <summary>A sum in which every element counts differently.</summary>
    private static Tensor Weighted(Tensor y)
    {
        var weights = new double[y.NumEl];
        for (int i = 0; i < weights.Length; i++) weights[i] = 0.5 + 0.37 * (i % 7) - 0.11 * (i % 3);
        return (y * Tensor.From(weights, y.Shape)).Sum();
    }

    private static Tensor SumOfGradients(Func<Tensor[], Tensor> f, Tensor[] leaves)
    {
        Tensor?[] gradients = Autograd.Grad(new[] { Weighted(f(leaves)) }, leaves, createGraph: true, allowUnused: true);
        Tensor sum = Tensor.Scalar(0, DType.Float64);
        foreach (Tensor? g in gradients) if (g is not null) sum += Weighted(g * g);
        return sum;
    }
}
