#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows the whole of it in twenty lines: data, a network, an optimizer, a training loop. It learns the exclusive or.
// Why it matters: everything in the following lessons takes one line of this program apart.
// Try: leave the hidden layer out: new Sequential(new Linear(2, 1), new Sigmoid()). No line separates these points; the loss stays at 0.25.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
Tensor x = [[0.0, 0], [0.0, 1], [1.0, 0], [1.0, 1]], y = [[0.0], [1.0], [1.0], [0.0]];
var net = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 1), new Sigmoid());
var opt = new Adam(net.Parameters(), lr: 0.1);
for (int step = 0; step <= 60; step++)
{
    opt.ZeroGrad();
    Tensor loss = F.MseLoss(net.Call(x), y);
    loss.Backward();
    opt.Step();
    if (step % 20 == 0) Console.WriteLine($"step {step}: loss {loss.Item():F4}");
}
Console.WriteLine(net.Call(x));
