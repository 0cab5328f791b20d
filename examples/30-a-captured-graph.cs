#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows what a training step is as a program: every operation, forward, backward and update, captured and printed with names and formulas.
// Why it matters: loss.Backward() and opt.Step() are a list of plain operations, and here the list can be read from top to bottom.
// Try: add .Tanh() behind + b. Which line comes to the forward part, and which to the backward part?
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

// The neuron of the Quest, and its step as in lesson 01.
Tensor w = Tensor.Scalar(-0.5f, requiresGrad: true), b = Tensor.Scalar(0.25f, requiresGrad: true);
Tensor x = Tensor.Scalar(0.7f), y = Tensor.Scalar(2.4f);
var opt = new SGD([w, b], lr: 0.05);
Graph step = Graph.Capture(() =>
{
    opt.ZeroGrad();
    Tensor error = w * x + b - y;
    (error * error).Backward();
    opt.Step();
});
Console.Write(step.ToText());
Console.WriteLine($"to capture is not to run: w is {w.Item()}, and its gradient is {w.Grad?.ToString() ?? "null"}");
Console.WriteLine();

// Who made what, for the one gradient.
GraphTensor gradient = step.Gradients.Single(g => g.Leaf.Name == "w").Value!;
Console.Write(step.ToTree(gradient));
Console.WriteLine();

// A network: what it takes, and the modules its operations are in.
Rng.ManualSeed(0);
var net = new Sequential(new Linear(4, 5), new ReLU(), new Linear(5, 10));
Tensor rows = Tensor.Randn(8, 4), labels = Tensor.RandInt(0, 10, [8]);
Graph training = Graph.Capture(() => F.CrossEntropy(net.Call(rows), labels).Backward());
Console.Write(training.Summary());
foreach (GraphOperation operation in training.Operations.Where(op => op is { Phase: GraphPhase.Forward, IsView: false }))
    Console.WriteLine($"  {operation}{(operation.ModulePath.Length > 0 ? $"   in {operation.ModulePath}" : "")}");
Console.WriteLine();

// A view computes nothing, and a change in place makes the next value of the same memory.
Tensor buffer = Tensor.Zeros(4);
Console.Write(Graph.Capture(() => buffer[..2].AddInPlace(buffer[2..] + 1)).ToText());
Console.WriteLine();

// What a run could not repeat is refused, with what to do instead.
foreach (Func<Tensor> f in (Func<Tensor>[])[() => w * w.Item(), () => (bool)(w > 0) ? w : -w, () => w * Random.Shared.NextDouble()])
{
    try
    {
        Graph.Capture(f);
    }
    catch (GraphException e)
    {
        Console.WriteLine(e.Message.Split(" (at")[0].Split(": ")[0] + ": refused");
    }
}
Console.WriteLine("Seen: a step is a list of operations that anybody could write down; the arrows back are operations as the others are.");
