#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows the first training script on real digits: a training loop and a test loop, with Eval() and NoGrad() around the test.
// Why it matters: this is the shape of every training program. `adjoint train` does the same with all 60,000 images and draws a report.
// Try: put Console.WriteLine(net.Training) in the place of net.Train(). It says False from the second epoch on,
// because Test() has switched it: with a Dropout in the network, nothing would be dropped any more.
using Adjoint;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
Dataset train = new Subset(Mnist.Load(train: true), [.. Enumerable.Range(0, 6000)]), test = new Subset(Mnist.Load(train: false), [.. Enumerable.Range(0, 1000)]);
DataLoader trainLoader = new(train, batchSize: 64, shuffle: true), testLoader = new(test, batchSize: 500);
var net = new Sequential(new Flatten(), new Linear(28 * 28, 64), new ReLU(), new Linear(64, 10));
var opt = new Adam(net.Parameters(), lr: 1e-3);
for (int epoch = 1; epoch <= 3; epoch++)
{
    Train();
    var (accuracy, loss) = Test();
    Console.WriteLine($"epoch {epoch}: test accuracy {100 * accuracy:F0} %, average loss {loss:F2}");
}
Console.WriteLine("Seen: after three looks at 6,000 digits the network reads nine of ten it has never seen.");

void Train()
{
    net.Train();
    foreach ((Tensor x, Tensor y) in trainLoader)
    {
        Tensor loss = F.CrossEntropy(net.Call(x), y);
        opt.ZeroGrad();
        loss.Backward();
        opt.Step();
    }
}

(double Accuracy, double Loss) Test()
{
    net.Eval();
    using GradScope _ = Autograd.NoGrad();
    double loss = 0, correct = 0;
    foreach ((Tensor x, Tensor y) in testLoader)
    {
        Tensor scores = net.Call(x);
        loss += F.CrossEntropy(scores, y).Item();
        correct += scores.ArgMax(1).Eq(y).Sum().Item();
    }
    return (correct / test.Count, loss / testLoader.Count);
}
