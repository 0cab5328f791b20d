#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows what happens when ZeroGrad is forgotten: gradients add up, every step goes too far, and the neuron swings ever wider.
// Why it matters: nothing fails and nothing warns; only the loss tells. And Step() does not clear gradients, whatever one may read.
// Try: halve the learning rate. Without ZeroGrad the loss no longer grows without bound, but the neuron swings for ever and learns
// nothing: gradients that add up are a momentum without friction.
using Adjoint;
using Adjoint.Optim;

float[][] with = [.. Train(zeroGrad: true)], without = [.. Train(zeroGrad: false)];
Console.WriteLine("step   loss with ZeroGrad     grad_w   |   loss without       grad_w");
foreach (int i in (int[])[0, 1, 2, 5, 8, 11, 14, 29, 44, 59])
    Console.WriteLine($"{i + 1,4}   {with[i][0],18:F4} {with[i][1],10:F4}   |   {without[i][0],12:g4} {without[i][1],12:g4}");

// Step() reads the gradient and leaves it as it is: the claim that it is cleared there is wrong.
Tensor p = Tensor.Scalar(1, requiresGrad: true);
var one = new SGD([p], lr: 0.1);
(p * 3).Backward();
one.Step();
Console.WriteLine($"after Step() the gradient is still {p.Grad!.Item()}; after ZeroGrad() it is {Cleared()}");
Console.WriteLine("Seen: with ZeroGrad the loss falls to 0.0001; without it, it grows a thousandfold every fifteen steps.");

string Cleared()
{
    one.ZeroGrad();
    return p.Grad is null ? "null" : "there";
}

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
