#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// ZeroGrad forgotten: gradients add up, every step goes further than it should, and the neuron swings ever wider.
using Adjoint;
using Adjoint.Optim;

float[][] with = [.. Train(zeroGrad: true)], without = [.. Train(zeroGrad: false)];
Console.WriteLine("step   loss with ZeroGrad     grad_w   |   loss without       grad_w");
foreach (int i in (int[])[0, 1, 2, 5, 8, 11, 14, 29, 44, 59])
    Console.WriteLine($"{i + 1,4}   {with[i][0],18:F4} {with[i][1],10:F4}   |   {without[i][0],12:G4} {without[i][1],12:G4}");

IEnumerable<float[]> Train(bool zeroGrad)
{
    (float X, float Y)[] examples = [(1, 3), (2, 5), (3, 7)];       // y = 2x + 1
    Tensor w = Tensor.Scalar(0, requiresGrad: true), b = Tensor.Scalar(0, requiresGrad: true);
    var opt = new SGD([w, b], lr: 0.08);
    for (int step = 0; step < 60; step++)
    {
        var (x, y) = examples[step % 3];
        Tensor loss = (w * x + b - y).Square();
        if (zeroGrad) opt.ZeroGrad();
        loss.Backward();
        yield return [loss.Item<float>(), w.Grad!.Item<float>()];
        opt.Step();
    }
}
