#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows batch normalisation: what it makes of a batch, what it remembers of it, and what it does in evaluation.
// Why it matters: after it every channel has mean 0 and variance 1, whatever came in, so that the layers behind see steady inputs.
// Some say it brings values into [0, 1]: it does not, and the least and greatest below show it.
// Try: feed one row in training mode. A batch of one has no variance, and that is an error; after Eval() it works.
using Adjoint;
using Adjoint.Nn;

Rng.ManualSeed(0);
var norm = new BatchNorm1d(3);
Tensor x = Tensor.Randn(200, 3) * Tensor.From([0.1f, 5, 40]) + Tensor.From([7f, -3, 100]);
Console.WriteLine("                 channel 0            channel 1            channel 2");
Statistics("before", x);
Tensor y = norm.Call(x).Detach();
Statistics("after", y);
Console.WriteLine($"least and greatest after: {y.Min().Item():F1}, {y.Max().Item():F1}; in [0, 1]: {y.Ge(0).LogicalAnd(y.Le(1)).To(DType.Float32).Mean().Item():P0} of the values");
Console.WriteLine();

// It remembers the averages: each batch moves them by a tenth of the way from where they were (at first mean 0, variance 1).
Console.WriteLine($"running mean after 1 batch    {Row(norm.RunningMean!)}");
for (int i = 1; i < 50; i++) norm.Call(x);
Console.WriteLine($"running mean after 50 batches {Row(norm.RunningMean!)}");
Console.WriteLine($"running variance              {Row(norm.RunningVar!)}");

// In evaluation these averages are used, not the batch: a row's output no longer depends on its neighbours.
Tensor alone, among;
norm.Eval();
using (Autograd.NoGrad()) (alone, among) = (norm.Call(x[..1])[0], norm.Call(x)[0]);
Console.WriteLine($"evaluation: a row alone and among 200 gives the same: {(alone - among).Abs().Max().Item() < 1e-5}");
Console.WriteLine("Seen: mean 0 and variance 1 in every channel; about a third of the values lie in [0, 1], as of any normal distribution.");

static void Statistics(string when, Tensor t)
{
    var (variance, mean) = t.VarMean([0], correction: 0, keepDim: false);
    Console.Write($"{when,-8}");
    for (int c = 0; c < 3; c++) Console.Write($"   mean {Math.Round(mean[c].Item(), 2) + 0.0:F2} var {variance[c].Item():F2}".PadRight(21));
    Console.WriteLine();
}

static string Row(Tensor t) => string.Join(" ", t.ToArray<float>().Select(v => $"{v,8:F2}"));
