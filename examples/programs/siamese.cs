#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// Digits of a kind lie together, by a triplet loss (Schroff et al. 2015); tests/Parity/programs/siamese.py is the same program.
using Adjoint;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
(Tensor x, Tensor y) = Mnist.Load(train: true).GetBatch([.. Enumerable.Range(0, 512)]);
x = x.Flatten(1);
var net = new Sequential(new Linear(784, 32), new ReLU(), new Linear(32, 2));
var triplet = new TripletMarginLoss(margin: 1.0);
var opt = new SGD(net.Parameters(), lr: 0.05, momentum: 0.9);
long[] labels = y.ToArray<long>();
int[][] rows = [.. Enumerable.Range(0, 10).Select(c => Enumerable.Range(0, 512).Where(i => labels[i] == c).ToArray())];
int Pick(long c) => rows[c][(int)Tensor.RandInt(0, rows[c].Length, [1]).Item()];

for (int step = 1; step <= 40; step++)
{
    List<int> anchors = [], positives = [], negatives = [];
    for (int i = 0; i < 32; i++)
    {
        long[] classes = Tensor.RandPerm(10).ToArray<long>();
        anchors.Add(Pick(classes[0]));
        positives.Add(Pick(classes[0]));
        negatives.Add(Pick(classes[1]));
    }
    Tensor loss = triplet.Call(net.Call(x[anchors.ToArray()]), net.Call(x[positives.ToArray()]), net.Call(x[negatives.ToArray()]));
    opt.ZeroGrad();
    loss.Backward();
    opt.Step();
    if (step % 8 == 0) Console.WriteLine($"step {step}: loss {loss:F4}");
}
using (Autograd.NoGrad())
{
    Tensor e = net.Call(x);
    Tensor d = F.PairwiseDistance(e[rows[0][0]].Unsqueeze(0), e[rows.Select(r => r[1]).ToArray()]);
    Console.WriteLine($"nearest to a 0: {d.ArgMin().Item()} at {d.Min():F4}");
}
