#:project ../src/Adjoint/Adjoint.csproj
// Shows the Jacobian of f: Rⁿ → Rᵐ, by n forward passes (a column each) and by m reverse passes (a row each): equal.
// Why it matters: a loss has one output and a million inputs, so that one reverse pass gives what a million forward passes would.
// Try: add (1, 1000) to the shapes. Which mode is chosen, and how many passes does it take? (Forward: one.)
using Adjoint;

double[] point = [2, 5];
Jacobian forward = Scalar.Forward.Jacobian(new Polar(), point), reverse = Scalar.Reverse.Jacobian(new Polar(), point);
Console.WriteLine("f(r, φ) = (r·cos φ, r·sin φ, r²) at (2, 5)");
Show("forward", forward);
Show("reverse", reverse);
Console.WriteLine($"largest difference: {Difference(forward, reverse):0e+00}");
Console.WriteLine();

// The cheaper mode is chosen by the shape: forward if there are no more arguments than results.
foreach ((int n, int m) in ((int, int)[])[(2, 100), (100, 100), (100, 2), (1000, 1)])
{
    double[] x = [.. Enumerable.Range(0, n).Select(i => Math.Cos(i))];
    Layer layer = new(n, m);
    Jacobian chosen = Scalar.Jacobian(layer, x), byColumns = Scalar.Forward.Jacobian(layer, x), byRows = Scalar.Reverse.Jacobian(layer, x);
    Console.WriteLine($"R^{n} → R^{m}:  forward {byColumns.Passes} passes in {byColumns.Evaluations} evaluations ({VectorDual.Width} directions at once), " +
        $"reverse {byRows.Passes} rows ({VectorDual.Width} in a sweep) after {byRows.Evaluations} evaluation; chosen: {chosen.Mode}; equal: {Difference(byColumns, byRows) < 1e-14}");
}
Console.WriteLine();

// Often the Jacobian itself is not wanted, only a product with it: one pass, whatever the shape.
double[] v = [1, -1], u = [1, 2, 3];
double[] jv = Scalar.Forward.Jvp(new Polar(), point, v), uj = Scalar.Reverse.Vjp(new Polar(), point, u);
Console.WriteLine($"J·v  = ({string.Join(", ", jv.Select(y => $"{y:F4}"))})      one forward pass");
Console.WriteLine($"uᵀ·J = ({string.Join(", ", uj.Select(y => $"{y:F4}"))})               one reverse pass");
Console.WriteLine($"u·(J·v) = {jv.Zip(u, (a, b) => a * b).Sum():F10} = (uᵀ·J)·v = {uj.Zip(v, (a, b) => a * b).Sum():F10}");
Console.WriteLine("Seen: both modes give the same Jacobian; forward takes a pass for each input, reverse for each output, and the cheaper one is chosen by the shape.");

static void Show(string name, Jacobian jacobian)
{
    Console.WriteLine($"{name}: {jacobian.Passes} passes, {jacobian.Evaluations} evaluation");
    for (int i = 0; i < jacobian.Rows; i++)
        Console.WriteLine("  " + string.Concat(Enumerable.Range(0, jacobian.Columns).Select(j => $"{jacobian[i, j],10:F6}")));
}

static double Difference(Jacobian a, Jacobian b) =>
    Enumerable.Range(0, a.Rows).SelectMany(i => Enumerable.Range(0, a.Columns).Select(j => Math.Abs(a[i, j] - b[i, j]))).Max();

readonly struct Polar : IVectorFunction
{
    public int Outputs => 3;

    public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
    {
        y[0] = x[0] * x[1].Cos();
        y[1] = x[0] * x[1].Sin();
        y[2] = x[0] * x[0];
    }
}

/// <summary>tanh(A·x) for an m×n matrix.</summary>
readonly struct Layer(int n, int m) : IVectorFunction
{
    public int Outputs => m;

    public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
    {
        for (int i = 0; i < m; i++)
        {
            V sum = V.Constant(0);
            for (int j = 0; j < n; j++) sum += 0.1 * Math.Sin(100 * i + j) * x[j];
            y[i] = sum.Tanh();
        }
    }
}
