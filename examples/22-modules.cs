#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows modules: a layer of one's own, networks of layers, and the lists of what is in them. The printed text is PyTorch's.
// Why it matters: Parameters() is what the optimizer gets. What a module does not list is not trained.
// Try: make `weight` of MyLinear a plain Tensor.Randn(...) without AsParameter(). It is gone from every list.
using Adjoint;
using Adjoint.Nn;

Rng.ManualSeed(0);
var layer = new MyLinear(4, 3);
Console.WriteLine(layer.Call(Tensor.Randn(4)));
foreach (var (name, parameter) in layer.NamedParameters()) Console.WriteLine($"({name}, {parameter})");
Console.WriteLine();

// A module holds others in its fields; nothing is registered by hand.
var net = new Net2();
Console.WriteLine(net);
Console.WriteLine($"parameters:       {string.Join(", ", net.Parameters().Select(p => p.Shape.ToString()))}");
Console.WriteLine($"named_parameters: {string.Join(", ", net.NamedParameters().Select(p => p.Name))}");
Console.WriteLine($"children:         {string.Join(", ", net.Children().Select(Type))}");
Console.WriteLine($"named_children:   {string.Join(", ", net.NamedChildren().Select(c => c.Name))}");

var big = new Sequential(new MyLinear(5, 4), new Net2(), new ReLU());
Console.WriteLine($"children of big:  {string.Join(", ", big.Children().Select(Type))}");
Console.WriteLine($"modules of big:   {string.Join(", ", big.Modules().Select(Type))}");
Console.WriteLine($"named_modules:    {string.Join(", ", big.NamedModules().Select(m => m.Name.Length == 0 ? "''" : m.Name))}");
Console.WriteLine();

// Lists and dictionaries of modules and of parameters, for networks whose size is not known beforehand.
Console.WriteLine(new Dynamic(3));
foreach (var (name, parameter) in new Dynamic(2).NamedParameters()) Console.WriteLine($"{name} {parameter.Shape}");
Console.WriteLine();

// Layers of images are modules like any other: two convolutions of 5 × 5 taps, which take 4 places from each side twice.
var model = new Model();
Console.WriteLine(model);
Tensor image = Tensor.Randn([1, 1, 28, 28]);
Console.WriteLine($"{image.Shape} becomes {model.Call(image).Shape}");
foreach (var (name, parameter) in model.NamedParameters()) Console.WriteLine($"{name} {parameter.Shape}");
Console.WriteLine("Seen: a parameter belongs to the module whose field holds it, and its name is the way to it.");

static string Type(Module module) => module.GetType().Name;

class MyLinear(int inFeatures, int outFeatures) : Module
{
    readonly Tensor weight = Tensor.Randn(inFeatures, outFeatures).AsParameter();
    readonly Tensor bias = Tensor.Randn(outFeatures).AsParameter();

    protected override Tensor Forward(Tensor x) => x.MatMul(weight) + bias;
}

class Net2 : Module
{
    readonly MyLinear l0 = new(4, 3), l1 = new(3, 1);

    protected override Tensor Forward(Tensor x) => l1.Call(l0.Call(x).Relu());
}

class Dynamic(int layers) : Module
{
    readonly ModuleList linears = new(Enumerable.Range(0, layers).Select(_ => new Linear(4, 4)));
    readonly ModuleDict activations = new() { ["relu"] = new ReLU(), ["tanh"] = new Tanh() };
    readonly ParameterList scales = new(Enumerable.Range(0, layers).Select(i => Tensor.Ones(i + 1)));
    readonly ParameterDict more = new() { ["shift"] = Tensor.Zeros(4) };

    protected override Tensor Forward(Tensor x)
    {
        foreach (Module linear in linears) x = activations["relu"].Call(linear.Call(x));
        return activations["tanh"].Call(x) + more["shift"];
    }
}

class Model : Module
{
    readonly Conv2d conv1 = new(1, 20, 5), conv2 = new(20, 20, 5);

    protected override Tensor Forward(Tensor x) => conv2.Call(conv1.Call(x).Relu()).Relu();
}
