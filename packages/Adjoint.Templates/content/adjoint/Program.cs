using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Plots;
using MyProject;

Rng.ManualSeed(1);

// What is to be learned: sin(3x), from 64 points.
Tensor x = Tensor.Linspace(-1, 1, 64).Reshape(64, 1), y = (3 * x).Sin();

var net = new Network(hidden: 32);
var optimizer = new Adam(net.Parameters(), lr: 0.01);
var losses = new List<double>();
for (int step = 0; step < 1000; step++)
{
    optimizer.ZeroGrad();
    Tensor loss = F.MseLoss(net.Call(x), y);
    loss.Backward();
    optimizer.Step();
    losses.Add(loss.Item());
}
Console.WriteLine(new Chart("loss").Line("train", losses).ToText());
Console.WriteLine($"loss {losses[0]:F4} at first, {losses[^1]:F4} now");

net.Save("network.safetensors");
var again = new Network(hidden: 32);
again.Load("network.safetensors");
using (Autograd.NoGrad())
    Console.WriteLine($"sin(1.5) = {Math.Sin(1.5):F3}, the network says {again.Call(new[,] { { 0.5f } }).Item():F3}");
