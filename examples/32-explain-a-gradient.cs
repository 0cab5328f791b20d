#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows why a gradient is what it is: which examples and which factors it comes from, and what makes it missing, 0, huge or NaN.
// Why it matters: "the network does not learn" is a gradient that is none, 0 or NaN; here it is said where, with the numbers.
// Try: take out the .Detach(). The gradient of w is no longer none: what are its terms?
using Adjoint;
using Adjoint.Nn;

Rng.ManualSeed(2);
var net = new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2));
Tensor x = Tensor.Randn(4, 3), labels = Tensor.From([0L, 1, 1, 0]);
Graph graph = Graph.Capture(() => F.CrossEntropy(net.Call(x), labels).Backward());

// One weight: a term for each example of the batch, what comes in times what comes back.
GraphExplanation why = graph.Explain("0.weight", 1, 2);
Console.Write(why);
Console.WriteLine($"the {why.Terms.Count} terms together {why.Terms.Sum(t => t.Contribution):F6}");
F.CrossEntropy(net.Call(x), labels).Backward();
Console.WriteLine($"Backward() finds    {((Linear)net[0]).Weight.Grad![1, 2].Item():F6}");
Console.WriteLine();

// None: a way that is cut. The layer before learns nothing, and nothing else would say so.
Tensor w = Tensor.From([1f, 2], requiresGrad: true), v = Tensor.From([3f, 4], requiresGrad: true);
Console.Write(Graph.Capture(() => ((w * 2).Detach() * v).Sum().Backward()).Explain(w, 0));
Console.WriteLine();

// 0: a unit that is off for every example.
Tensor data = Tensor.From([1f, 2, 3, 4], [2, 2]);
Console.Write(Graph.Capture(() => (data * w - 100).Relu().Sum().Backward()).Explain(w, 0));
Console.WriteLine();

// NaN: the mean over a row of which everything is masked is 0/0.
Tensor mask = Tensor.From([1f, 1, 0, 0], [2, 2]);
Console.Write(Graph.Capture(() => ((data * w * mask).Sum(1) / mask.Sum(1)).Sum().Backward()).Explain(w, 0));
Console.WriteLine();

// Huge: the factor that did it.
Console.Write(Graph.Capture(() => ((data * w).Tanh() / 1e-6).Sum().Backward()).Explain(w, 0).ToText(most: 2));
Console.WriteLine();

// A weight that is used in every step of a recurrence: what each use contributes.
Tensor u = Tensor.Scalar(0.9f, requiresGrad: true);
GraphExplanation shared = Graph.Capture(() =>
{
    Tensor h = Tensor.Scalar(1f);
    for (int t = 0; t < 4; t++) h = (h * u).Tanh();
    return h;
}).Explain(u);
foreach (GraphShare use in shared.Operations) Console.WriteLine($"used by {use.Name}: {use.Contribution:F6}");
Console.WriteLine("Seen: a gradient is a sum of products of numbers that one can name; where it is none, 0, huge or NaN, one of them is to blame.");
