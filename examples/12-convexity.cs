#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows the loss of one neuron over (w, b) as contours, and the way that SGD takes from two places into the one minimum.
// Why it matters: a picture of what "gradient descent" does; and of why one neuron always learns where a deep network may not.
// Try: lr = 0.5. The first step overshoots; with lr = 1 each does by more, and after a few the path has left the picture.
using Adjoint;
using Adjoint.Optim;
using Adjoint.Plots;

double[] xs = [0.7, 1.3, -0.9], ys = [2.4, 3.6, -0.8];         // y = 2x + 1
const double lr = 0.1;
var chart = new Chart("mean squared error") { XLabel = "w", YLabel = "b" }
    .Contour("loss", Loss, (-1, 5), (-2, 4));
foreach (var (name, w0, b0) in ((string, double, double)[])[("SGD from (−0.5, 3.5)", -0.5, 3.5), ("SGD from (4.5, −1.5)", 4.5, -1.5)])
{
    List<(double W, double B)> path = Descend(w0, b0);
    chart.Line(name, path.TakeWhile(p => p is { W: > -1 and < 5, B: > -2 and < 4 }));
    Console.WriteLine($"{name}: loss {Loss(w0, b0):F2}, after {path.Count - 1} steps w = {path[^1].W:F3}, b = {path[^1].B:F3}, loss {Loss(path[^1].W, path[^1].B):F6}");
}
Console.WriteLine();
Console.Write(chart.ToText(60, 24));
Console.WriteLine();

// The same picture as a file, when a name is given.
if (args.Length > 0) File.WriteAllText(args[0], chart.ToSvg());

// Convex means: curved upwards in every direction, everywhere. The matrix of second derivatives is the same at all points, because the
// loss is a square, and both of its eigenvalues are positive.
foreach (double[] point in (double[][])[[0, 0], [4, -1]])
{
    Tensor hessian = Transforms.Hessian(MeanSquare, Tensor.From(point));
    double a = hessian[0, 0].Item(), c = hessian[0, 1].Item(), d = hessian[1, 1].Item();
    double middle = (a + d) / 2, spread = Math.Sqrt((a - d) * (a - d) / 4 + c * c);
    Console.WriteLine($"at ({point[0]}, {point[1]}): second derivatives [{a:F3} {c:F3}; {c:F3} {d:F3}], eigenvalues {middle - spread:F3} and {middle + spread:F3}");
}
Console.WriteLine("Seen: one valley, one minimum at w = 2, b = 1, and every start leads there.");

double Loss(double w, double b) => xs.Zip(ys, (x, y) => Math.Pow(w * x + b - y, 2)).Average();

Tensor MeanSquare(Tensor p) => (p[0] * Tensor.From(xs) + p[1] - Tensor.From(ys)).Square().Mean();

List<(double, double)> Descend(double startW, double startB)
{
    Tensor w = Tensor.Scalar(startW, DType.Float64, requiresGrad: true), b = Tensor.Scalar(startB, DType.Float64, requiresGrad: true);
    var opt = new SGD([w, b], lr);
    List<(double, double)> path = [(startW, startB)];
    for (int step = 0; step < 60; step++)
    {
        opt.ZeroGrad();
        (w * Tensor.From(xs) + b - Tensor.From(ys)).Square().Mean().Backward();
        opt.Step();
        path.Add((w.Item(), b.Item()));
    }
    return path;
}
