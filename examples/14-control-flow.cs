#:project ../src/Adjoint/Adjoint.csproj
// Shows that the graph is what the program did: the branch that was taken, the loop as often as it ran.
// Why it matters: a model is ordinary C#, with if and while; nothing is compiled beforehand, and each forward pass makes its graph anew.
// Try: x = 0.1 in the first loop. How often is it doubled, and what is dy/dx? (7 times: 2⁷.)
using Adjoint;

foreach (float input in (float[])[0.5f, -2, 3])
{
    Tensor x = Tensor.Scalar(input, requiresGrad: true);
    Tensor y = Model(x, out string path);
    y.Backward();
    Console.WriteLine($"x = {input,4}: {path,-28} y = {y.Item(),7:F4}   dy/dx = {x.Grad!.Item():F4}");
}

Tensor Model(Tensor x, out string path)
{
    if (x.Item() < 0)
    {
        path = "-x² (x < 0)";                           // dy/dx = −2x
        return -x * x;
    }
    int rounds = 0;
    while (x.Item() < 10)
    {
        x = x * 2;                                      // dy/dx = 2ⁿ
        rounds++;
    }
    path = $"doubled {rounds} times, to 10 or more";
    return x;
}

// The gradient of a weight is proportional to its input: a neuron that sees x ≈ 0 learns nothing about w, only about b.
Console.WriteLine();
foreach (double x in (double[])[1, 0.1, 0.001, 0])
{
    Tensor w = Tensor.Scalar(0.5, requiresGrad: true), b = Tensor.Scalar(0, requiresGrad: true);
    (w * x + b - 1).Square().Backward();
    Console.WriteLine($"x = {x,-5}: grad_w = {w.Grad!.Item(),10:F6}   grad_b = {b.Grad!.Item():F6}");
}
Console.WriteLine("Seen: only the branch that was taken has a derivative; and a weight learns in proportion to its input, nothing at all where that is 0.");
