#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows gradients that explode, and what clipping does about it; gradients that vanish, and where.
// Why it matters: deep networks were hard to train for this reason; ReLU, good initial weights, normalisation and clipping answer it.
// Try: weight 1.5 in the chains of linear neurons. After 30 layers the gradient is 1.5³⁰, or 1.9e+05.
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
        if (ReferenceEquals(w, tame)) Gradients.ClipNorm([w], maxNorm: 1);
        opt.Step();
    }
    if (step is <= 3 or >= 12 and <= 16 or 20) Console.WriteLine($"{step,4}   {wild.Item<float>().ToString("g9"),-24}  {tame.Item<float>():F4}");
}
Console.WriteLine();

// The slope of a sigmoid is σ(x)·(1 − σ(x)): at most 0.25, and 0.25 at 0 exactly.
Tensor points = Tensor.From([-4.0, -1, 0, 1, 4], requiresGrad: true);
points.Sigmoid().Sum().Backward();
Console.WriteLine($"slopes of the sigmoid at −4, −1, 0, 1, 4: {points.Grad}");

// So in a chain of sigmoids with weight 1 each layer passes on at most a quarter of what reaches it.
Console.WriteLine("layer   gradient, sigmoids   0.25^layers above");
Tensor[] sigmoids = Chain(10, 1, x => x.Sigmoid());
for (int layer = sigmoids.Length - 1; layer >= 0; layer--)
{
    double gradient = sigmoids[layer].Grad!.Item(), bound = Math.Pow(0.25, sigmoids.Length - 1 - layer);
    Console.WriteLine($"{layer + 1,5}   {gradient,18:0.00e+00}   {bound,17:0.00e+00}{(gradient <= bound ? "" : "   above the bound!")}");
}
Console.WriteLine();

// It is said that neurons without an activation are safe from this. They are not: each layer multiplies by its weight, and only with
// weights of exactly 1 does the gradient stay.
foreach (double weight in (double[])[0.5, 0.9, 1, 1.1, 2])
    Console.WriteLine($"30 linear layers of weight {weight,3}: the gradient of the first is {Chain(30, weight, x => x)[0].Grad!.Item() * weight:0.0e+00}");
Console.WriteLine("Seen: a product of thirty factors vanishes if they are below 1 and explodes above; a sigmoid alone brings a factor of at most 0.25.");

// The outputs of all layers, with their gradients.
Tensor[] Chain(int layers, double weight, Func<Tensor, Tensor> activation)
{
    var outputs = new Tensor[layers];
    Tensor x = Tensor.Scalar(0.5, DType.Float64, requiresGrad: true);
    for (int i = 0; i < layers; i++)
    {
        x = outputs[i] = activation(x * weight);
        x.RetainGrad();
    }
    x.Backward();
    return outputs;
}
