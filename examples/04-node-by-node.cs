#:project ../src/Adjoint/Adjoint.csproj
// Shows a gradient on its way from the loss to the weights, followed by calling each node of the graph: what Backward() does inside.
// Why it matters: each node knows one rule, its own; the chain rule is nothing but handing the result on to the next.
// Try: w * w * x, with w = 2. Two edges lead to w then, and its gradient is the sum of what both bring: 2·w = 4 times what the product
// of w·w passes on.
using Adjoint;

Tensor w = Tensor.Scalar(0.5, requiresGrad: true), b = Tensor.Scalar(-0.25, requiresGrad: true);
const float x = 1.5f, y = 4;
Tensor product = w * x, yHat = product + b, error = yHat - y, loss = error.Square();

// The graph, from the loss down: this is the order in which it is gone through, and every node comes after all that use it.
var graph = RecordedGraph.Of(loss, ("w", w), ("b", b));
Console.WriteLine($"loss = (w·x + b − y)² = {loss.Item()}");
Console.Write(graph.ToTree());
Console.WriteLine("order: " + string.Join(", ", graph.Nodes.Select(node => node.Name)));
Console.WriteLine();

// By hand: the seed is dloss/dloss = 1. A node called with the gradient of its output gives those of its inputs.
Tensor seed = Tensor.Scalar(1);
Tensor?[] atError = loss.GradFn!.Call([seed]);                  // d(e²)/de = 2e
Tensor?[] atYHat = error.GradFn!.Call([atError[0]]);            // d(ŷ − y)/dŷ = 1: passed on; y needs none
Tensor?[] atSum = yHat.GradFn!.Call([atYHat[0]]);               // d(p + b)/dp = 1, d(p + b)/db = 1: to both
Tensor?[] atProduct = product.GradFn!.Call([atSum[0]]);         // d(w·x)/dw = x
Console.WriteLine($"seed 1");
Console.WriteLine($"<{loss.GradFn.Name}>  gives {Text(atError)}: 2·(ŷ − y) = 2·({yHat.Item()} − {y})");
Console.WriteLine($"<{error.GradFn.Name}>  gives {Text(atYHat)}: passes it on, and nothing to y");
Console.WriteLine($"<{yHat.GradFn.Name}>  gives {Text(atSum)}: the same to both terms");
Console.WriteLine($"<{product.GradFn.Name}>  gives {Text(atProduct)}: times x = {x}");

// By the engine: the same. What arrives at a leaf is added to its Grad, so a second pass makes it twice as much.
loss.Backward(retainGraph: true);
Console.WriteLine($"Backward(): w.Grad = {w.Grad!.Item()}, b.Grad = {b.Grad!.Item()}");
loss.Backward();
Console.WriteLine($"and again:  w.Grad = {w.Grad!.Item()}, b.Grad = {b.Grad!.Item()}");
Console.WriteLine();

// Why the order of operations decides whether two programs agree to the bit: rounding makes (a·b)·c another number than a·(b·c).
float p = 0.1f, q = 0.2f, r = 0.9f;
Console.WriteLine($"(0.1·0.2)·0.9 = {p * q * r:G9},  0.1·(0.2·0.9) = {p * (q * r):G9},  equal: {p * q * r == p * (q * r)}");
Console.WriteLine("Seen: −7, −7, (−7, −7), −10.5: each node multiplies by its own derivative, and a leaf adds up what arrives.");

static string Text(Tensor?[] gradients) => "(" + string.Join(", ", gradients.Select(g => g is null ? "null" : $"{g.Item()}")) + ")";
