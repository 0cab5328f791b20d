using Adjoint;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Plots;
using Adjoint.Symbolic;

// Adjoint.Nn, and through it Adjoint, Adjoint.Kernels and Adjoint.Algebra.
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

// Adjoint.Algebra: a formula of one's own, over any algebra.
Console.WriteLine(Scalar.Derivative(new Parabola(), 2));

// Adjoint.Symbolic.
Console.WriteLine(Expr.Parse("x^3").Differentiate("x").Simplify());

// Adjoint.Formats and Adjoint.Plots come with Adjoint.Nn.
net.Save("net.safetensors");
Console.WriteLine(string.Join(", ", SafeTensors.Load("net.safetensors").Keys));
Console.WriteLine(new Chart("loss").Line("train", [(1, 0.9), (2, 0.5)]).ToSvg().Contains("<svg"));

// What the analyzers that travel in the package of Adjoint tell: the scope is opened and never ended.
Habit();

static void Habit()
{
    Autograd.NoGrad();
}

readonly struct Parabola : IUnaryFunction
{
    public V Invoke<V>(V x) where V : IAlgebra<V> => 3 * x * x + 2;
}
