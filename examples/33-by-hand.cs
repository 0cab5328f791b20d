#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows a training step written out by hand: g.ToCSharp() prints the C# that does what autograd does, without autograd.
// Why it matters: there is no magic. Every line of the backward pass is a product or a sum that you could have written yourself.
// Try: take Tanh() out of the model. Three lines of the program go with it, one of the forward pass, one of the backward pass, and a method
// at the end: which rounds tanh as the library does.
using Adjoint;
using Adjoint.Optim;

Tensor w = Tensor.Scalar(-0.5, requiresGrad: true), b = Tensor.Scalar(0.25, requiresGrad: true);
Tensor x = Tensor.From([0.7f, 1.3f, -0.9f]), y = Tensor.From([0.4f, 0.6f, -0.8f]);
var opt = new SGD([w, b], lr: 0.05);

void Step()
{
    opt.ZeroGrad();
    ((w * x + b).Tanh() - y).Square().Mean().Backward();
    opt.Step();
}

Graph step = Graph.Capture(Step);
string program = step.ToCSharp("Neuron");
string[] lines = program.Split('\n');
int start = Array.FindIndex(lines, line => line.Contains("void Run()"));
int end = Array.FindIndex(lines, start, line => line == "    }");
foreach (string line in lines[start..(end + 1)]) Console.WriteLine(line.Length < 4 ? line : line[4..]);
Step();
Console.WriteLine($"autograd's own step leaves w = {w.Item():G9}, b = {b.Item():G9}; so does this program, to the last bit");
Console.WriteLine($"Seen: autograd's step is {lines.Length} lines of plain C#, forward, backward and update.");
