#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// A line with unknown slope and offset: the posterior, approximated by normals (Kingma and Welling 2014), beside the exact one;
// tests/Parity/programs/variational.py is the same program.
using Adjoint;
using Adjoint.Optim;

DType Double = DType.Float64;
Rng.ManualSeed(1);
Tensor x = Tensor.Linspace(-1, 1, 20, Double);
Tensor y = 1.5 * x - 0.5 + 0.3 * Tensor.Randn(20, Double);
Tensor design = Tensor.Stack([x, Tensor.Ones(20, Double)], 1);
Tensor mean = Tensor.Zeros([2], Double, requiresGrad: true), logStd = Tensor.Zeros([2], Double, requiresGrad: true);
var opt = new Adam([mean, logStd], lr: 0.05);

static Tensor LogNormal(Tensor x, Tensor mean, double std) =>
    -0.5 * ((x - mean) / std).Pow(2) - Math.Log(std) - 0.5 * Math.Log(2 * Math.PI);

for (int step = 1; step <= 200; step++)
{
    Tensor w = mean + logStd.Exp() * Tensor.Randn(16, 2, Double);
    Tensor likelihood = LogNormal(y, w.MatMul(design.T), 0.3).Sum(1);
    Tensor prior = LogNormal(w, 0.0, 1.0).Sum(1);
    Tensor entropy = (logStd + 0.5 * Math.Log(2 * Math.PI * Math.E)).Sum();
    Tensor loss = -(likelihood + prior).Mean() - entropy;
    opt.ZeroGrad();
    loss.Backward();
    opt.Step();
    if (step % 40 == 0) Console.WriteLine($"step {step}: loss {loss:F5}");
}
Tensor precision = design.T.MatMul(design) / 0.09 + Tensor.Eye(2, dtype: Double);
Tensor exact = precision.Linalg.Solve(design.T.MatMul(y) / 0.09);
Console.WriteLine($"slope {mean[0]:F4} exactly {exact[0]:F4}, offset {mean[1]:F4} exactly {exact[1]:F4}");
Console.WriteLine($"spreads {logStd[0].Exp():F4} {logStd[1].Exp():F4}, "
    + $"exactly {precision[0, 0].Pow(-0.5):F4} {precision[1, 1].Pow(-0.5):F4}");
