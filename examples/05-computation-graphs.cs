#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows the tutorial on computation graphs, cell by cell. The printed text is PyTorch's, and so are the random numbers.
// Why it matters: grad_fn, requires_grad, detach and no_grad are the whole vocabulary of recording and not recording.
// Try: t = x + x, and then t = x.Detach() + x. The first time x.Grad is twos; then only one of the two paths carries a gradient: ones.
using Adjoint;
using Adjoint.Nn;

// A tensor that requires grad remembers what it was computed by.
Tensor x = Tensor.From([1f, 2, 3], requiresGrad: true);
Tensor y = Tensor.From([4f, 5, 6], requiresGrad: true);
Tensor t = x + y;
Console.WriteLine(t);
Console.WriteLine(t.GradFn!.Name);
Tensor s = t.Sum();
Console.WriteLine(s);
Console.WriteLine(s.GradFn!.Name);

// s = x₀ + y₀ + x₁ + …, so ds/dx is ones. A second backward pass adds to what is there.
s.Backward();
Console.WriteLine(x.Grad);
(x + y).Sum().Backward();
Console.WriteLine(x.Grad);

// By default nothing is recorded: nobody asked for gradients.
Rng.ManualSeed(1);
Tensor a = Tensor.Randn(2, 2), b = Tensor.Randn(2, 2);
Console.WriteLine($"{a.RequiresGrad} {b.RequiresGrad}");
Tensor z = a + b;
Console.WriteLine(z.GradFn?.Name ?? "None");

// Requiring grad is contagious: everything computed from such a tensor requires it.
a.RequiresGradInPlace();
b.RequiresGradInPlace();
z = a + b;
Console.WriteLine(z.GradFn!.Name);
Console.WriteLine(z.RequiresGrad);
Console.WriteLine(z);

// Detach() gives the same numbers in the same memory, without the history.
Tensor plain = z.Detach();
Console.WriteLine(plain);
Console.WriteLine(plain.GradFn?.Name ?? "None");
plain.AsSpan<float>()[0] = 100;
Console.WriteLine(z.Detach());

// To draw a tensor its numbers are needed outside of the graph; for one that requires grad that must be said.
try
{
    x.Plot("x");
}
catch (AutogradException e)
{
    Console.WriteLine(e.Message);
}
Console.Write(x.Detach().Plot("x").ToText(columns: 24, rows: 5));

// Inside NoGrad nothing is recorded, whatever the operands require.
Console.WriteLine(x.RequiresGrad);
Console.WriteLine((x * 2).RequiresGrad);
using (Autograd.NoGrad()) Console.WriteLine((x * 2).RequiresGrad);

// Gradients add up: the passes of 2w and 3w together are that of their sum, 5w.
Tensor w = Tensor.From([1f], requiresGrad: true);
(w * 2).Backward();
(w * 3).Backward();
Console.WriteLine(w.Grad);
w.Grad = null;
(w * 2 + w * 3).Backward();
Console.WriteLine(w.Grad);

// In a training loop that is rarely what is wanted …
w.Grad = null;
for (int step = 0; step < 2; step++)
{
    (w * 2).Backward();
    Console.WriteLine(w.Grad);
}

// … so the gradient is set to zero before each step.
for (int step = 0; step < 2; step++)
{
    w.Grad!.ZeroInPlace();
    (w * 2).Backward();
    Console.WriteLine(w.Grad);
}
Console.WriteLine("Seen: what is computed from a tensor that requires grad has a grad_fn; Detach() and NoGrad() end that; gradients add up until they are set to zero.");
