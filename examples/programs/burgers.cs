#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// u_t + u·u_x = ν·u_xx on [−1, 1] × [0, 1], u(x, 0) = −sin πx, u(±1, t) = 0, by a network whose derivatives fulfil the equation
// (Raissi, Perdikaris and Karniadakis 2019); tests/Parity/programs/burgers.py is the same program.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

DType Double = DType.Float64;
Rng.ManualSeed(1);
var net = new Sequential(
    new Linear(2, 20, dtype: Double), new Tanh(), new Linear(20, 20, dtype: Double), new Tanh(), new Linear(20, 1, dtype: Double));
double nu = 0.01 / Math.PI;
Tensor inner = Tensor.Rand(128, 2, Double) * Tensor.From([2.0, 1.0]) - Tensor.From([1.0, 0.0]);
Tensor start = Tensor.Stack([Tensor.Linspace(-1, 1, 33, Double), Tensor.Zeros(33, Double)], 1);
Tensor edges = Tensor.Cat([.. new[] { -1.0, 1.0 }.Select(side =>
    Tensor.Stack([Tensor.Full([16], side, Double), Tensor.Linspace(0, 1, 16, Double)], 1))]);
var opt = new Adam(net.Parameters(), lr: 5e-3);
for (int step = 1; step <= 100; step++)
{
    Tensor x = inner[.., ..1].Clone().RequiresGradInPlace(), t = inner[.., 1..].Clone().RequiresGradInPlace();
    Tensor u = net.Call(Tensor.Cat([x, t], 1));
    Tensor?[] first = Autograd.Grad([u.Sum()], [x, t], createGraph: true);
    (Tensor ux, Tensor ut) = (first[0]!, first[1]!);
    Tensor uxx = Autograd.Grad(ux.Sum(), x, createGraph: true);
    Tensor residual = (ut + u * ux - nu * uxx).Square().Mean();
    Tensor initial = (net.Call(start) + (Math.PI * start[.., ..1]).Sin()).Square().Mean();
    Tensor boundary = net.Call(edges).Square().Mean();
    Tensor loss = residual + initial + boundary;
    opt.ZeroGrad();
    loss.Backward();
    opt.Step();
    if (step % 20 == 0) Console.WriteLine($"step {step}: loss {loss:F6}, residual {residual:F6}, start {initial:F6}");
}
Console.WriteLine($"u(0.5, 0.25) = {net.Call(Tensor.From([0.5, 0.25]).Unsqueeze(0))[0, 0]:F5}");
