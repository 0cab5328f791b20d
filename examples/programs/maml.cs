#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// A start from which one step of gradient descent fits any sine (Finn, Abbeel and Levine 2017); tests/Parity/programs/maml.py is the same
// program.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
int[][] sizes = [[20, 1], [20], [20, 20], [20], [1, 20], [1]];
Tensor[] w = [.. sizes.Select(s => (s.Length == 2 ? Tensor.Randn(s) / Math.Sqrt(s[^1]) : Tensor.Zeros(s)).RequiresGradInPlace())];
var opt = new Adam(w, lr: 1e-2);

static Tensor Net(Tensor[] w, Tensor x)
{
    Tensor h = F.Linear(x, w[0], w[1]).Tanh();
    return F.Linear(F.Linear(h, w[2], w[3]).Tanh(), w[4], w[5]);
}

static Func<Tensor, Tensor> Sine()
{
    Tensor amplitude = Tensor.Empty(1).UniformInPlace(0.5, 2), phase = Tensor.Empty(1).UniformInPlace(0, Math.PI);
    return x => amplitude * (x + phase).Sin();
}

for (int step = 1; step <= 60; step++)
{
    Tensor outer = 0;
    for (int i = 0; i < 4; i++)
    {
        Func<Tensor, Tensor> f = Sine();
        Tensor x = Tensor.Empty(10, 1).UniformInPlace(-3, 3), again = Tensor.Empty(10, 1).UniformInPlace(-3, 3);
        Tensor inner = F.MseLoss(Net(w, x), f(x));
        Tensor?[] grads = Autograd.Grad([inner], w, createGraph: true);
        Tensor[] fast = [.. w.Zip(grads, (p, g) => p - 0.1 * g!)];
        outer = outer + F.MseLoss(Net(fast, again), f(again)) / 4;
    }
    opt.ZeroGrad();
    outer.Backward();
    opt.Step();
    if (step % 10 == 0) Console.WriteLine($"step {step}: loss after one step {outer:F5}");
}
