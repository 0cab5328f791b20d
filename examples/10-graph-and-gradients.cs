#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// What Parameters(), GradFn, NextFunctions and AccumulateGrad are, looked at in a live graph.
using Adjoint;
using Adjoint.Nn;

// A node is a function; its edges lead to the functions its inputs came from. Leaves end in AccumulateGrad.
Tensor a = Tensor.Scalar(3, requiresGrad: true);
Tensor c = a * 2 + 1;
Console.WriteLine($"c = a*2 + 1 = {c}");
Walk(c.GradFn!, "");

void Walk(Node node, string indent)
{
    Console.WriteLine($"{indent}<{node.Name}>");
    foreach (Edge edge in node.NextFunctions)
        if (edge.Node is { } next) Walk(next, indent + "  ");
}

// Along several paths gradients add: dL/da = dL/db·db/da + dL/dc·dc/da.
Tensor b1 = a * a, c1 = a * 4, L = b1 * c1;             // L = 4a³
b1.RetainGrad();
c1.RetainGrad();
L.Backward();
double viaB = b1.Grad!.Item() * 2 * a.Item(), viaC = c1.Grad!.Item() * 4;
Console.WriteLine($"dL/da through b: {b1.Grad.Item()} · {2 * a.Item()} = {viaB}; through c: {c1.Grad.Item()} · 4 = {viaC}; sum {viaB + viaC}; a.Grad = {a.Grad!.Item()}");

// Parameters of a module are leaves that it found in its fields.
var net = new Sequential(new Linear(3, 2), new ReLU(), new Linear(2, 1));
foreach (var (name, p) in net.NamedParameters()) Console.WriteLine($"{name}: {p.Shape}, leaf {p.IsLeaf}, requires_grad {p.RequiresGrad}");

// A method gets the tensor itself, not a copy. Assigning to its parameter changes nothing for the caller …
Tensor mine = Tensor.From([1f, 2, 3]);
Reassign(mine);
Console.WriteLine($"after Reassign: {mine}");
// … but what it does in place is seen by everybody who holds the tensor.
InPlace(mine);
Console.WriteLine($"after InPlace:  {mine}");

void Reassign(Tensor x) => x = x * 10;
void InPlace(Tensor x) => x.MulInPlace(10);

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
