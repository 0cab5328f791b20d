#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// What comes next in a sum of two sines, learnt by LBFGS; tests/Parity/programs/time_series.py is the same program.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

DType Double = DType.Float64;
Rng.ManualSeed(1);
Tensor t = Tensor.Arange(200.0).To(Double);
Tensor series = (t / 8).Sin() + 0.5 * (t / 3).Sin();
Tensor windows = series.Unfold(0, 17, 1);
Tensor x = windows[.., ..16], y = windows[.., 16..];
var net = new Sequential(new Linear(16, 8, dtype: Double), new Tanh(), new Linear(8, 1, dtype: Double));
var opt = new LBFGS(net.Parameters(), lr: 0.8, maxIter: 10);
for (int step = 1; step <= 5; step++)
{
    Tensor loss = opt.Step(() =>
    {
        opt.ZeroGrad();
        Tensor loss = F.MseLoss(net.Call(x), y);
        loss.Backward();
        return loss;
    });
    Console.WriteLine($"step {step}: loss {loss:F8}");
}
using (Autograd.NoGrad())
{
    Tensor seen = series[^16..];
    for (int i = 0; i < 5; i++)
    {
        seen = Tensor.Cat([seen, net.Call(seen[^16..])]);
        double at = 200 + i;
        Console.WriteLine(FormattableString.Invariant(
            $"next {seen[^1].Item():F4}, really {Math.Sin(at / 8) + 0.5 * Math.Sin(at / 3):F4}"));
    }
}
