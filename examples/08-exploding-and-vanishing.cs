#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Gradients that explode, and what clipping does about it; gradients that vanish, and where.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

// Large inputs make large gradients, and those large steps to places with gradients larger still.
Console.WriteLine("step   w                         w with the gradient clipped to norm 1");
Tensor wild = Tensor.Scalar(0.5, requiresGrad: true), tame = Tensor.Scalar(0.5, requiresGrad: true);
var wildSteps = new SGD([wild], lr: 0.1);
var tameSteps = new SGD([tame], lr: 0.1);
for (int step = 1; step <= 20; step++)
{
    foreach (var (w, opt) in new[] { (wild, wildSteps), (tame, tameSteps) })
    {
        opt.ZeroGrad();
        (w * 100 - 200).Square().Backward();            // the best w is 2
        if (w == tame) Gradients.ClipNorm([w], maxNorm: 1);
        opt.Step();
    }
    if (step is <= 3 or >= 12 and <= 16 or 20) Console.WriteLine($"{step,4}   {wild.Item<float>(),-24}  {tame.Item<float>():F4}");
}

// The slope of a sigmoid is at most 0.25. In a chain of them each layer passes on at most a quarter of what reaches it;
// neurons without one pass on all of it. All weights are 1.
Console.WriteLine();
Console.WriteLine("layer   gradient, sigmoids   0.25^layers above   gradient, linear");
Tensor[] sigmoids = Chain(x => x.Sigmoid()), linear = Chain(x => x);
for (int layer = sigmoids.Length - 1; layer >= 0; layer--)
{
    double gradient = sigmoids[layer].Grad!.Item(), bound = Math.Pow(0.25, sigmoids.Length - 1 - layer);
    Console.WriteLine($"{layer + 1,5}   {gradient,18:E2}   {bound,17:E2}   {linear[layer].Grad!.Item(),16:F0}{(gradient <= bound ? "" : "   above the bound!")}");
}

Tensor[] Chain(Func<Tensor, Tensor> activation)
{
    var outputs = new Tensor[10];
    Tensor x = Tensor.Scalar(0.5, requiresGrad: true);
    for (int i = 0; i < outputs.Length; i++)
    {
        x = outputs[i] = activation(x * 1);
        x.RetainGrad();
    }
    x.Backward();
    return outputs;
}
