#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows over-fitting, which only data that was held back makes visible, and early stopping: keep the weights from where it was best.
// Why it matters: the training loss says how well the examples are known by heart, not whether anything was understood.
// Try: 3,000 training images instead of 300. The training loss falls as before, but the validation loss is a third:
// more data is the first cure.
using Adjoint;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Plots;

const int epochs = 30, patience = 5;
Rng.ManualSeed(1);
ImageDataset all = Mnist.Load(train: true);
Subset train = new(all, [.. Enumerable.Range(0, 300)]), validation = new(all, [.. Enumerable.Range(50_000, 1000)]);
var loader = new DataLoader(train, batchSize: 32, shuffle: true);
var net = new Sequential(new Flatten(), new Linear(28 * 28, 128), new ReLU(), new Linear(128, 10));
var opt = new Adam(net.Parameters(), lr: 3e-3);
List<double> training = [], held = [];
int best = 0, stop = 0;
Dictionary<string, Tensor> kept = [];
for (int epoch = 1; epoch <= epochs; epoch++)
{
    net.Train();
    foreach ((Tensor x, Tensor y) in loader)
    {
        opt.ZeroGrad();
        F.CrossEntropy(net.Call(x), y).Backward();
        opt.Step();
    }
    training.Add(Loss(train));
    held.Add(Loss(validation));
    if (best == 0 || held[^1] < held[best - 1])
    {
        best = epoch;
        kept = net.StateDict().ToDictionary(entry => entry.Key, entry => entry.Value.Clone());   // the best weights so far
    }
    if (stop == 0 && epoch - best >= patience) stop = epoch;    // here early stopping ends; this lesson goes on, to show why
}
Console.Write(new Chart("cross entropy") { XLabel = "epoch", YLabel = "loss", LogY = true }
    .Line("training", training).Line("validation", held).ToText(60, 16));
Console.WriteLine();
Console.WriteLine($"epoch {epochs}: the training loss is a hundredth of that after epoch 1 or less: {training[^1] < training[0] / 100}, the validation loss is rising: {held[^1] > held[best - 1]}");
Console.WriteLine($"early stopping with patience {patience} ends {patience} epochs after the best one: {stop == best + patience}");
double last = held[^1];
net.LoadStateDict(kept);
Console.WriteLine($"the kept weights are better on held-back images than those of the end: {Loss(validation) < last}");
Console.WriteLine("Seen: the training loss goes on falling towards zero; the validation loss has its least value early, and that is where to stop.");

double Loss(Dataset data)
{
    net.Eval();
    using GradScope _ = Autograd.NoGrad();
    double sum = 0;
    foreach ((Tensor x, Tensor y) in new DataLoader(data, batchSize: 500)) sum += F.CrossEntropy(net.Call(x), y, reduction: Reduction.Sum).Item();
    return sum / data.Count;
}
