#:project ../src/Adjoint/Adjoint.csproj
// The tutorial on computation graphs, cell by cell. The text is PyTorch's.
using Adjoint;

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
    x.AsSpan<float>();
}
catch (AutogradException e)
{
    Console.WriteLine(e.Message);
}
Console.WriteLine(string.Join(" ", x.Detach().AsSpan<float>().ToArray()));

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
