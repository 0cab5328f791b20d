#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// Three Gaussians, fitted by the gradient of the log-likelihood; tests/Parity/programs/mixture.py is the same program.
using Adjoint;
using Adjoint.Optim;

Rng.ManualSeed(1);
Tensor which = Tensor.RandInt(0, 3, [300]);
Tensor centres = Tensor.From([0f, 0, 4, 0, 0, 4]).Reshape(3, 2);
Tensor x = centres[which] + 0.6 * Tensor.Randn(300, 2);
Tensor logits = Tensor.Zeros([3], requiresGrad: true), means = x[..3].Clone().RequiresGradInPlace();
Tensor logs = Tensor.Zeros([3, 2], requiresGrad: true);
var opt = new Adam([logits, means, logs], lr: 0.05);
for (int step = 1; step <= 100; step++)
{
    Tensor z = (x.Unsqueeze(1) - means) / logs.Exp();
    Tensor density = (-0.5 * z * z - logs - 0.5 * Math.Log(2 * Math.PI)).Sum(2);
    Tensor loss = -(logits.LogSoftmax(0) + density).LogSumExp(1).Mean();
    opt.ZeroGrad();
    loss.Backward();
    opt.Step();
    if (step % 20 == 0) Console.WriteLine($"step {step}: negative log-likelihood {loss:F5}");
}
for (int k = 0; k < 3; k++)
    Console.WriteLine($"component {k}: weight {logits.Softmax(0)[k]:F3}, mean {means[k, 0]:F3} {means[k, 1]:F3}, "
        + $"spread {logs[k, 0].Exp():F3} {logs[k, 1].Exp():F3}");
