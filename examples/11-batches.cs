#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows three things that follow from "gradients add up": the loss with ½, micro-batches, and a weight that is used several times.
// Why it matters: this is why Backward() and Step() are two calls, and how a batch too large for the memory is trained all the same.
// Try: parts of 5 and 1 rows, 0..5 and 5..6, instead of 3 and 3. What must each part's loss be multiplied with?
// (With its share of the rows.)
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

// With ½ before the square the 2 of its derivative disappears: the gradient is ŷ − y.
foreach (double factor in (double[])[1, 0.5])
{
    Tensor w = Tensor.Scalar(0.5, requiresGrad: true), b = Tensor.Scalar(-0.25, requiresGrad: true);
    ((w * 1.5 + b - 4).Square() * factor).Backward();
    Console.WriteLine($"L = {factor}·(ŷ − y)²: dL/db = {b.Grad!.Item()} = {2 * factor}·(ŷ − y), dL/dw = {w.Grad!.Item()}");
}
Console.WriteLine();

// The gradient of a mean over 6 rows is that of its two halves, each with weight ½, added up by two calls of Backward().
Rng.ManualSeed(0);
var layer = new Linear(4, 2, dtype: DType.Float64);
Tensor x = Tensor.Randn([6, 4], DType.Float64), y = Tensor.Randn([6, 2], DType.Float64);
F.MseLoss(layer.Call(x), y).Backward();
Tensor whole = layer.Weight.Grad!;
var opt = new SGD(layer.Parameters(), lr: 0.1);
opt.ZeroGrad();
foreach (Range part in (Range[])[0..3, 3..6]) (F.MseLoss(layer.Call(x[part]), y[part]) * 0.5).Backward();
Console.WriteLine($"gradient of the batch     {Row(whole)}");
Console.WriteLine($"of its halves, added up   {Row(layer.Weight.Grad!)}");
Console.WriteLine($"largest difference below 1e-15: {(whole - layer.Weight.Grad!).Abs().Max().Item() < 1e-15}");
opt.Step();                                             // one step for the whole batch
Console.WriteLine();

// A recurrent cell uses the same weight at every time step, so its gradient is the sum over its uses: h ← tanh(w·h + x).
double[] inputs = [0.5, -1, 2, 0.1];
Tensor shared = Tensor.Scalar(0.8, DType.Float64, requiresGrad: true);
Run(_ => shared).Backward();
Tensor[] each = [.. inputs.Select(_ => Tensor.Scalar(0.8, DType.Float64, requiresGrad: true))];
Run(t => each[t]).Backward();
Console.WriteLine($"uses one by one: {string.Join(" + ", each.Select(w => $"{w.Grad!.Item():F6}"))} = {each.Sum(w => w.Grad!.Item()):F6}");
Console.WriteLine($"one shared weight: {shared.Grad!.Item():F6}");
Console.WriteLine("Seen: gradients of parts and of uses add up to that of the whole, so they may be computed apart and stepped once.");

Tensor Run(Func<int, Tensor> weight)
{
    Tensor h = Tensor.Scalar(1, DType.Float64);
    for (int t = 0; t < inputs.Length; t++) h = (weight(t) * h + inputs[t]).Tanh();
    return h;
}

static string Row(Tensor t) => string.Join(" ", t[0].ToArray<double>().Select(v => $"{v,9:F6}"));
