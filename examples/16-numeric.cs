#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows numerical differentiation: a derivative from values of the function alone, and why it is never exact.
// Why it matters: it needs n evaluations for n inputs and gives half of the digits; but it needs no rules, so it checks those that have.
// Try: ErrorCurve.Of(f, x, NumericMethod.Central). The best step moves to about 6e-6, the cube root of ε, and gives three digits more.
using Adjoint;
using Adjoint.Plots;

Wave f = new();
const double x = 1.1;
double exact = Scalar.Derivative(f, x);
Console.WriteLine($"f(x) = exp(x)·sin(x),  f'({x}) = {exact:F12} by forward-mode automatic differentiation");
Console.WriteLine();

// 1. The forward difference (f(x + h) − f(x))/h. Large steps miss the curvature: the error falls in proportion to h.
//    Small steps subtract two nearly equal rounded numbers: the error rises in proportion to 1/h. Best is h near √ε = 1.5e-8.
ErrorCurve curve = ErrorCurve.Of(f, x);
Console.WriteLine("        h        error     truncation   rounding");
foreach (ErrorPoint point in curve.Points.Where((_, i) => i % 8 == 0))
    Console.WriteLine($"  {point.Step,8:0e+00}   {point.Error,8:0e+00}   {point.Truncation,8:0.0e+00}   {point.Rounding,8:0.0e+00}");
Console.WriteLine();
var chart = new Chart("forward difference") { XLabel = "h", YLabel = "error", LogX = true, LogY = true }
    .Scatter("truncation", curve.Points.Select(point => (point.Step, point.Truncation)), '.')
    .Scatter("rounding", curve.Points.Select(point => (point.Step, point.Rounding)), ':')
    .Scatter("error", curve.Points.Select(point => (point.Step, point.Error)), '*');
Console.WriteLine(chart.ToText());
Console.WriteLine($"error ∝ h^{curve.TruncationOrder:F1} where truncation rules, ∝ h^{curve.RoundingOrder:F0} where rounding rules");
Console.WriteLine($"central differences: error ∝ h^{ErrorCurve.Of(f, x, NumericMethod.Central).TruncationOrder:F1}");
Console.WriteLine();

// The same picture as a file, when a name is given.
if (args.Length > 0) File.WriteAllText(args[0], chart.ToSvg());

// 2. Better methods, each with its own estimate of the error.
foreach (NumericMethod method in Enum.GetValues<NumericMethod>())
{
    NumericDerivative d = Numeric.Estimate(at => Scalar.Value(f, at), x, method);
    int digits = (int)-Math.Log10(Math.Max(Math.Abs(d.Value / exact - 1), 1e-16));
    Console.WriteLine($"  {method,-9} {digits,2} digits from {d.Evaluations,2} evaluations");
}
Console.WriteLine();

// 3. A gradient costs O(n) evaluations; in reverse mode one evaluation and one sweep give it whole, and exactly.
foreach (int n in (int[])[1, 10, 100, 1000])
{
    double[] at = [.. Enumerable.Range(0, n).Select(i => 1 + 0.001 * Math.Sin(i))];
    int forward = Numeric.EstimateGradient(new Product(), at, NumericMethod.Forward).Evaluations;
    int central = Numeric.EstimateGradient(new Product(), at, NumericMethod.Central).Evaluations;
    Console.WriteLine($"  n = {n,4}: {forward,4} evaluations forward, {central,4} central, 1 in reverse mode");
}
Console.WriteLine("Seen: the best step of a forward difference is near √ε = 1.5e-8 and gives eight digits; a gradient costs n + 1 evaluations, in reverse mode one.");

readonly struct Wave : IUnaryFunction
{
    public V Invoke<V>(V x) where V : IAlgebra<V> => x.Exp() * x.Sin();
}

readonly struct Product : IFunction
{
    public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
    {
        V product = x[0];
        for (int i = 1; i < x.Length; i++) product *= x[i];
        return product;
    }
}
