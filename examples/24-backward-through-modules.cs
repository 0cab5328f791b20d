#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows Backward() through a network of two modules, with RetainGrad on its input and output; then again with the first layer frozen.
// Why it matters: freezing a layer saves the work for its weights, but the gradient still passes through it where something below needs it.
// Try: x = x.Detach() instead of x.Grad = null. Now nothing below layer2 needs a gradient: dx is null too, and the pass ends there.
using Adjoint;
using Adjoint.Nn;

Rng.ManualSeed(0);
var net = new Net2();
Tensor x = Tensor.Randn([1, 4], requiresGrad: true);
x.RetainGrad();                                         // a leaf keeps its gradient anyway
Run("all layers trained");
net.Layer1.RequiresGradInPlace(false);
net.ZeroGrad();
x.Grad = null;
Run("layer1 frozen");
Console.WriteLine("Seen: dw1 is null when layer1 is frozen, and dx is the same: its gradient goes through layer1, not into it.");

void Run(string title)
{
    Tensor z = net.Call(x);
    z.RetainGrad();                                     // an output does so only when asked
    z.Sum().Backward();
    Console.WriteLine($"-- {title}");
    Console.WriteLine($"z   {z.Detach()}");
    Console.WriteLine($"dz  {z.Grad}");
    Console.WriteLine($"dw2 {net.Layer2.Weight.Grad}");
    Console.WriteLine($"dw1 {net.Layer1.Weight.Grad?.ToString() ?? "null"}");
    Console.WriteLine($"dx  {x.Grad?.ToString() ?? "null"}");
}

class Net2 : Module
{
    public Linear Layer1 { get; } = new(4, 3);

    public Linear Layer2 { get; } = new(3, 1);

    protected override Tensor Forward(Tensor x) => Layer2.Call(Layer1.Call(x).Tanh());
}
