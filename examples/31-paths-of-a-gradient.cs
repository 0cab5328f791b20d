#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows the chain rule counted: every path from a parameter to the loss with the product of its edges, of numbers and of operations.
// Why it matters: a gradient is a sum over paths. Where it surprises, one of the paths does, and each can be looked at alone.
// Try: give the network a second hidden unit (Linear(1, 2), Linear(2, 1)). How many paths lead from its first weight then?
using Adjoint;
using Adjoint.Nn;

// a is used three times, so three paths lead from it to L = 4a³. Their sum is the derivative, 12a².
Tensor a = Tensor.Scalar(3f, requiresGrad: true);
GraphEntries entries = Graph.Capture(() => a * a * (a * 4)).Entries();
foreach (GraphPath<GraphEntry> path in entries.Paths(entries.Find("a")!)) Console.WriteLine(path);
Console.WriteLine($"{entries.CountPaths(entries.Find("a")!)} paths, together {entries.Derivative(entries.Find("a")!)}");
Console.WriteLine();

// Every number in between, with the local derivative on each edge.
Console.Write(entries.ToTree(values: true));
Console.WriteLine();

// A network of one unit a layer: one path from each parameter.
Rng.ManualSeed(3);
var net = new Sequential(new Linear(1, 1), new Tanh(), new Linear(1, 1));
Tensor x = Tensor.From([0.5f], [1, 1]), y = Tensor.From([1f], [1, 1]);
Graph graph = Graph.Capture(() => F.MseLoss(net.Call(x), y));
GraphEntries loss = graph.Entries();
foreach (GraphMemory parameter in graph.Parameters)
{
    int[] first = new int[parameter.Tensor!.NDim];
    GraphEntry entry = loss.Find(parameter.Name, first)!;
    Console.WriteLine($"{entry}: {loss.CountPaths(entry)} path, derivative {loss.Derivative(entry):F6}");
}
F.MseLoss(net.Call(x), y).Backward();
Console.WriteLine($"Backward() finds {string.Join(", ", net.Parameters().Select(p => $"{p.Grad!.Reshape(-1)[0].Item():F6}"))}");
Console.WriteLine();

// A shortcut around a layer is a second path: what goes through the layer, and what goes past it. Paths of operations are counted, not of numbers.
var layer = new Linear(3, 3);
Tensor v = Tensor.Randn(4, 3).RequiresGradInPlace();
Graph residual = Graph.Capture(() => (v + layer.Call(v).Tanh()).Square().Mean());
foreach (GraphShare path in residual.Explain(v, 0, 0).Paths) Console.WriteLine($"{path.Name,-40} {path.Contribution,10:F6}");
Console.WriteLine("Seen: the sum over the paths is the gradient, whether the paths go from number to number or from operation to operation.");
