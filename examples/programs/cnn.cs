#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// A convolutional network on 2,048 digits; tests/Parity/programs/cnn.py is the same program.
using Adjoint;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
var loader = new DataLoader(new Subset(Mnist.Load(train: true), [.. Enumerable.Range(0, 2048)]), batchSize: 64, shuffle: true);
var net = new Sequential(
    new Conv2d(1, 8, 3, padding: 1), new ReLU(), new MaxPool2d(2),
    new Conv2d(8, 16, 3, padding: 1), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Linear(16 * 7 * 7, 10));
var opt = new Adam(net.Parameters(), lr: 2e-3);
for (int epoch = 0; epoch < 2; epoch++)
{
    int i = 0;
    foreach ((Tensor x, Tensor y) in loader)
    {
        Tensor loss = F.CrossEntropy(net.Call(x), y);
        opt.ZeroGrad();
        loss.Backward();
        opt.Step();
        if (i++ % 8 == 7) Console.WriteLine($"epoch {epoch + 1} batch {i}: loss {loss:F4}");
    }
}
net.Eval();
using (Autograd.NoGrad())
{
    (Tensor x, Tensor y) = Mnist.Load(train: false).GetBatch([.. Enumerable.Range(0, 1000)]);
    Console.WriteLine($"test accuracy {(net.Call(x).ArgMax(1) == y).Float().Mean():F3}");
}
