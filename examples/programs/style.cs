#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// An image with the content of one and the style of another (Gatys et al. 2015); tests/Parity/programs/style.py is the same program.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
Tensor content = Tensor.Rand(1, 3, 24, 24), style = Tensor.Rand(1, 3, 24, 24).Round();
// Features of fixed random convolutions stand for those of a trained network (Ulyanov et al. 2016).
Conv2d[] layers = [new(3, 8, 3, padding: 1), new(8, 12, 3, padding: 1)];
foreach (Conv2d layer in layers) layer.RequiresGradInPlace(false);

Tensor[] Features(Tensor x)
{
    Tensor first = F.Relu(layers[0].Call(x));
    return [first, F.Relu(layers[1].Call(F.AvgPool2d(first, 2)))];
}

static Tensor Gram(Tensor f)
{
    f = f.Flatten(2)[0];
    return f.MatMul(f.T) / f.NumEl;
}

Tensor wanted = Features(content)[1];
Tensor[] grams = [.. Features(style).Select(Gram)];
Tensor image = content.Clone().RequiresGradInPlace();
var opt = new LBFGS([image], lr: 0.8, maxIter: 5);
for (int step = 1; step <= 5; step++)
{
    Tensor loss = opt.Step(() =>
    {
        opt.ZeroGrad();
        Tensor[] fs = Features(image);
        Tensor loss = 10 * F.MseLoss(fs[1], wanted) + 1e5 * (F.MseLoss(Gram(fs[0]), grams[0]) + F.MseLoss(Gram(fs[1]), grams[1]));
        loss.Backward();
        return loss;
    });
    Console.WriteLine($"step {step}: loss {loss:F6}, mean of the image {image.Mean():F5}");
}
