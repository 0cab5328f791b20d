#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows what GradFn, NextFunctions, AccumulateGrad and Parameters() are, in a live graph; then its paths, one by one, with their products.
// Why it matters: "the gradient is the sum over all paths of the products of the edges" is the chain rule, and here it can be counted.
// Try: make c1 depend on b1 (c1 = b1 * 4). How many paths lead to a now, and what is their sum?
using Adjoint;
using Adjoint.Nn;

// A node is a function; its edges lead to the functions its inputs came from. The constant 2 needs no gradient: (null, 0).
Tensor a = Tensor.Scalar(3, requiresGrad: true);
Tensor c = a * 2 + 1;
Console.WriteLine($"c = a*2 + 1 = {c}, grad_fn {c.GradFn}, next_functions [{string.Join(", ", c.GradFn!.NextFunctions)}]");
Console.Write(RecordedGraph.Of(c, ("a", a)).ToTree());
Console.WriteLine($"a is a leaf: grad_fn {a.GradFn?.Name ?? "null"}; and so is what needs no gradient: {(Tensor.Scalar(3) * 2).GradFn?.Name ?? "null"}");
Console.WriteLine();

// Along several paths gradients add: dL/da = dL/db·db/da + dL/dc·dc/da.
Tensor b1 = a * a, c1 = a * 4, L = b1 * c1;             // L = 4a³
var graph = RecordedGraph.Of(L, ("a", a), ("b", b1), ("c", c1));
Console.Write(graph.ToTree(values: true));
double sum = 0;
foreach (GraphPath<Node> path in graph.Paths(a))
{
    Console.WriteLine(path);
    sum += path.Product!.Value;
}
L.Backward();
Console.WriteLine($"the {graph.CountPaths(a)} paths together: {sum}; by Backward(): {a.Grad!.Item()}");
Console.WriteLine();

// The figure x1, x2 → Linear → ReLU → Linear, with the names that the module gives its parameters, and what three nodes keep.
// PyTorch shows Wᵀ as a node of its own between a product and its weight, <TBackward0>; here the product takes W as it lies.
Rng.ManualSeed(0);
var net = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
Tensor x = Tensor.From([1f, 2, 3, 4], [2, 2]), output = net.Call(x).Mean();
Console.Write(RecordedGraph.Of(output, [.. net.NamedParameters()]).ToTree());
Node second = output.GradFn!.NextFunctions[0].Node!, relu = second.NextFunctions[1].Node!;
Console.WriteLine($"{L.GradFn} saves {Saved((b1 * c1).GradFn!)}");
Console.WriteLine($"{relu} saves {Saved(relu)}: what it gave, not what it got");
Console.WriteLine($"{second} saves {Saved(second)}");
Console.WriteLine();

// Its picture for Graphviz: dot -Tsvg graph.dot > graph.svg
Console.Write(graph.ToDot());

// Five words, looked up in the graph of that network.
Console.WriteLine();
Tensor weight = net.Parameters().First();
output.Backward();
Console.WriteLine($"Tensor     a number or a block of numbers          x {x.Shape}, requires_grad {x.RequiresGrad}");
Console.WriteLine($"Parameter  a leaf that a module lists              0.weight {weight.Shape}, leaf {weight.IsLeaf}, requires_grad {weight.RequiresGrad}");
Console.WriteLine($"grad_fn    on a result: the node that made it      output.grad_fn = {output.GradFn}");
Console.WriteLine($"graph      nodes and edges, reached from a result  {RecordedGraph.Of(net.Call(x)).Nodes.Count} nodes behind net(x)");
Console.WriteLine($"Backward   goes through it; ends in a leaf's Grad  0.weight.Grad {weight.Grad!.Shape}");
Console.WriteLine();

// The way of a gradient from Backward() to Parameters().Grad, in the same network.
Tensor again = net.Call(x).Mean();
Tensor?[] passedOn = again.GradFn!.Call([Tensor.Scalar(1)]);
Node next = again.GradFn.NextFunctions[0].Node!;
var end = (AccumulateGrad)next.NextFunctions[0].Node!;
Console.WriteLine($"1. Backward() begins at the result's grad_fn, {again.GradFn}, with the gradient 1");
Console.WriteLine($"2. the node gives the gradients of its inputs: {passedOn[0]!.Reshape(2)}");
Console.WriteLine($"3. they go to its next_functions, {next}, which gives those of its own inputs, and so on");
bool known = ReferenceEquals(end.Variable, ((Linear)net[2]).Bias);
Console.WriteLine($"4. where a leaf is reached stands {end}, which knows it: 2.bias {known}");
Console.WriteLine($"5. and adds what arrives to its Grad, which is what Parameters() show: {net.Parameters().Last().Grad}");
Console.WriteLine();

// Backward needs a scalar to start from, or to be told what flows in.
Tensor v = Tensor.From([1f, 2, 3], requiresGrad: true);
try
{
    (v * v).Backward();
}
catch (AutogradException e)
{
    Console.WriteLine(e.Message);
}
(v * v).Backward(Tensor.From([1f, 1, 1]));
Console.WriteLine($"with ones flowing in: {v.Grad}");

// What the graph keeps for the backward pass; inside NoGrad() there is none, and nothing is kept.
Tensor rows = Tensor.Randn(64, 784);
var large = new Sequential(new Linear(784, 512), new ReLU(), new Linear(512, 10));
SavedMemory recorded = Autograd.SavedForBackward(() => large.Call(rows)), without = Autograd.SavedForBackward(Inference);
Console.WriteLine($"a forward pass keeps {recorded.ExtraBytes:N0} bytes besides parameters and data; inside NoGrad() {without.Bytes:N0}");
Console.WriteLine("Seen: the graph is made of objects one can walk; the sum over its paths is the gradient, and what it saves is memory.");

Tensor Inference()
{
    using (Autograd.NoGrad()) return large.Call(rows);
}

static string Saved(Node node) => "(" + string.Join(", ", node.Saved.Select(s => $"{s.Key} {(s.Value is Tensor t ? t.Shape.ToString() : s.Value ?? "null")}")) + ")";
