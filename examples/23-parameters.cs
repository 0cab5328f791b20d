#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows what can be done with parameters: how Linear makes them, saving and restoring, converting, freezing; and what is none.
// Why it matters: a trained network is a file of named tensors; fine-tuning is training with some of them frozen.
// Try: restore into a network with 6 hidden units instead of 5. Nothing is changed, and the error lists what does not fit.
using Adjoint.Formats;
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

// Linear draws W by Kaiming's rule with a = √5, which is uniform in ±1/√in, and b in the same range. It takes any number of dimensions.
Rng.ManualSeed(0);
var linear = new Linear(16, 8);
Console.WriteLine($"{linear}: bound 1/√16 = 0.25, weights from {linear.Weight.Min().Item():F3} to {linear.Weight.Max().Item():F3}, biases from {linear.Bias!.Min().Item():F3}");
foreach (Shape shape in (Shape[])[[16], [2, 16], [2, 3, 16], [2, 3, 4, 16]])
    Console.WriteLine($"input {shape,-14} output {linear.Call(Tensor.Ones(shape)).Shape}");
Console.WriteLine(new Linear(2, 1).Weight);
Console.WriteLine();

// A tensor in a field is no parameter until it is said to be one; and a parameter is one also when it is made under NoGrad().
Tensor made;
using (Autograd.NoGrad()) made = Tensor.Ones([3]).AsParameter();
Console.WriteLine($"parameters of a module with a plain tensor and a parameter: {string.Join(", ", new Half().NamedParameters().Select(p => p.Name))}");
Console.WriteLine($"made under NoGrad(): requires_grad {made.RequiresGrad}");

// RequiresGrad of a result cannot be switched off, because its history is there; RetainGrad of a leaf does nothing, it has its Grad anyway.
Tensor result = made * 2;
try
{
    result.RequiresGrad = false;
}
catch (AutogradException e)
{
    Console.WriteLine(e.Message);
}
made.RetainGrad();
Console.WriteLine($"retains_grad of a leaf after RetainGrad(): {made.RetainsGrad}");
Console.WriteLine();

// Saving and restoring: a state dictionary is names and tensors, and the file is safetensors, which other programs read too.
string file = Path.Combine(Path.GetTempPath(), $"lesson-{Guid.NewGuid():N}.safetensors");
Sequential net = Network(), other = Network();
Tensor x = Tensor.Randn(3, 4);
Console.WriteLine($"two networks drawn one after the other agree: {Same()}");
SafeTensors.Save(file, net.StateDict());
other.LoadStateDict(SafeTensors.Load(file));
Console.WriteLine($"after saving one and restoring it into the other: {Same()}; names {string.Join(", ", net.StateDict().Keys)}");
File.Delete(file);

// Converting keeps the tensors what they are, so that optimizers go on; freezing takes one layer out of training.
net.To(DType.Float64);
Console.WriteLine($"converted: {net.Parameters().First().DType}, output {net.Call(x.To(DType.Float64)).DType}");
net[0].RequiresGradInPlace(false);
var opt = new SGD(net.Parameters().Where(p => p.RequiresGrad), lr: 0.1);
Tensor frozen = net[0].Parameters().First().Clone(), free = net[2].Parameters().First().Clone();
net.Call(x.To(DType.Float64)).Square().Mean().Backward();
opt.Step();
Console.WriteLine($"after a step the frozen layer has changed: {Changed(net[0], frozen)}, the other: {Changed(net[2], free)}");
Console.WriteLine("Seen: parameters are tensors with names; they can be saved, restored, converted and frozen without the code that made them.");

bool Same() => (net.Call(x) - other.Call(x)).Abs().Max().Item() == 0;

static bool Changed(Module module, Tensor before) => (module.Parameters().First() - before).Abs().Max().Item() > 0;

static Sequential Network() => new(new Linear(4, 5), new ReLU(), new Linear(5, 2));

class Half : Module
{
    public Tensor Plain { get; } = Tensor.Ones([2], requiresGrad: true);

    public Tensor Trained { get; } = Tensor.Ones([2]).AsParameter();
}
