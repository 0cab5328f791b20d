#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows the three modes: default, no-grad and inference: what each records, what it keeps, and what may be done with the results later.
// Why it matters: evaluation needs no graph. Without one a forward pass keeps no activations, which are most of the memory of training.
// Try: dotnet run examples/25-grad-modes.cs -- full. That is the lecture's network, 4096 → 8192 → 8192 → 8192 → 1, and it is timed.
using System.Diagnostics;
using Adjoint;
using Adjoint.Nn;

Tensor w = Tensor.From([1f, 2], requiresGrad: true);
Tensor recorded = w * 2, plain, inference;
using (Autograd.NoGrad()) plain = w * 2;
using (Autograd.InferenceMode()) inference = w * 2;
Console.WriteLine($"{"",-12}{"requires_grad",-15}{"grad_fn",-16}{"version",-30}{"used in w * y",-30}y changed in place, then Backward()");
Describe("default", recorded);
Describe("no-grad", plain);
Describe("inference", inference);

// What was made in inference mode keeps no version, so autograd could not notice that it was changed: it may not be saved for backward.
try
{
    _ = w * inference;
}
catch (AutogradException e)
{
    Console.WriteLine(e.Message);
}
Console.WriteLine($"a clone of it is a normal tensor: {(w * inference.Clone()).GradFn}");
Console.WriteLine();

// The lecture's experiment: what a forward pass of a batch of 256 keeps in each mode; by default at a sixteenth of its size.
bool full = args.Contains("full");
int scale = full ? 1 : 16, rows = 256;
Rng.ManualSeed(0);
var net = new Sequential(
    new Linear(4096 / scale, 8192 / scale), new ReLU(), new Linear(8192 / scale, 8192 / scale), new ReLU(),
    new Linear(8192 / scale, 8192 / scale), new ReLU(), new Linear(8192 / scale, 1));
Tensor x = Tensor.Randn(rows, 4096 / scale);
Console.WriteLine($"{net.Parameters().Sum(p => (long)p.NumEl):N0} parameters, a batch of {rows}");
Measure("default", () => net.Call(x));
Measure("no-grad", NoGrad);
Measure("inference", Inference);
Console.WriteLine("Seen: outside of the default mode nothing is recorded and nothing is kept; the numbers are the same.");

Tensor NoGrad()
{
    using (Autograd.NoGrad()) return net.Call(x);
}

Tensor Inference()
{
    using (Autograd.InferenceMode()) return net.Call(x);
}

void Measure(string mode, Func<Tensor> forward)
{
    SavedMemory saved = Autograd.SavedForBackward(forward);
    string time = "";
    if (full)
    {
        long start = Stopwatch.GetTimestamp();
        _ = forward();
        time = $"   {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s";
    }
    Console.WriteLine($"{mode,-12}activations kept {saved.ExtraBytes,12:N0} bytes in {saved.Tensors,2} saved tensors{time}");
}

void Describe(string mode, Tensor y)
{
    string version = Try(() => $"{y.Version}"), used = Try(() => $"{(w * y).GradFn}"), changed = Try(() =>
    {
        Tensor loss = (w * y).Sum();
        using (Autograd.NoGrad()) y.MulInPlace(2);
        loss.Backward();
        return "not noticed";
    });
    Console.WriteLine($"{mode,-12}{y.RequiresGrad,-15}{y.GradFn?.ToString() ?? "null",-16}{version,-30}{used,-30}{changed}");
}

static string Try(Func<string> what)
{
    try
    {
        return what();
    }
    catch (TensorException e)
    {
        return "an error: " + e.GetType().Name;
    }
}
