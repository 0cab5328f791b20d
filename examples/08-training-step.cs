#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows a walk through one training step of an MLP 4-5-10 on a batch of 5: what each tensor is, before and after.
// Why it matters: shapes, requires_grad, grad_fn and grad are what one looks at when training does not do what it should.
// Try: ask for fc1.RetainGrad() too. Then fc1_output.Grad has the shape of fc1_output.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(0);
var net = new Net();
var opt = new SGD(net.Parameters(), lr: 0.1);
Tensor X = Tensor.Randn(5, 4), y = Tensor.RandInt(0, 10, [5]);

Console.WriteLine("-- before: data and parameters are leaves; nobody has a gradient yet");
Describe("X", X);
foreach (var (name, p) in net.NamedParameters()) Describe(name, p);

Console.WriteLine("-- forward: every result knows the node that made it");
Tensor fc1 = net.Fc1.Call(X);
Tensor relu = fc1.Relu();
Tensor logits = net.Fc2.Call(relu);
Tensor loss = F.CrossEntropy(logits, y);
Describe("fc1_output", fc1);
Describe("relu_output", relu);
Describe("logits", logits);
Describe("loss", loss);
Console.WriteLine($"loss = {loss}");

Console.WriteLine("-- backward: parameters get gradients of their own shapes, intermediate results only if asked");
relu.RetainGrad();
loss.Backward(retainGraph: true);
foreach (var (name, p) in net.NamedParameters()) Console.WriteLine($"{name + ".Grad",-16} {p.Grad!.Shape}");
Console.WriteLine($"fc1_output.Grad  {fc1.Grad?.Shape.ToString() ?? "null"}");
Console.WriteLine($"relu_output.Grad {relu.Grad?.Shape.ToString() ?? "null"} (after RetainGrad)");

Console.WriteLine("-- a graph is freed by the pass through it, unless retainGraph keeps it");
opt.ZeroGrad();
loss.Backward();
Console.WriteLine("the second pass works: the first retained the graph");
try
{
    loss.Backward();
}
catch (AutogradException e)
{
    Console.WriteLine($"the third does not: {e.Message}");
}

Console.WriteLine("-- step: the parameters move against their gradients");
Tensor bias = net.Fc1.Bias!;
Console.WriteLine($"fc1.bias before {bias.Detach()}");
Console.WriteLine($"its gradient    {bias.Grad}");
opt.Step();
Console.WriteLine($"fc1.bias after  {bias.Detach()}");
Console.WriteLine($"loss after      {F.CrossEntropy(net.Call(X), y).Detach()}");

Console.WriteLine("-- zero_grad: or the next pass would add to these");
opt.ZeroGrad();
Console.WriteLine($"fc1.bias.Grad   {bias.Grad?.ToString() ?? "null"}");
Console.WriteLine("Seen: gradients are null before, shaped like their parameters after; what lies between keeps none unless RetainGrad() asks for it.");

void Describe(string name, Tensor x) => Console.WriteLine(
    $"{name,-12} shape {x.Shape,-8} requires_grad {x.RequiresGrad,-5}  grad_fn {x.GradFn?.Name ?? "null",-18} grad {(x.IsLeaf && x.Grad is not null ? "yes" : "null")}");

class Net : Module
{
    public Linear Fc1 { get; } = new(4, 5);
    public Linear Fc2 { get; } = new(5, 10);

    protected override Tensor Forward(Tensor x) => Fc2.Call(Fc1.Call(x).Relu());
}
