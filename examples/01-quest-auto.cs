#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows Quest 9.1, the automatic ritual: one neuron learns y = 2x + 1 while autograd does the calculus.
// Why it matters: three lines (Backward, Step, ZeroGrad) train this neuron and a network of millions of weights alike.
// Compare 02-quest-manual.cs, which does the same by hand: the two print identical text, to the byte.
// Try: change lr to 0.7. One example at a time w and b swing ever wider; over the batch they still settle. Which step is the first that
// makes the loss larger?
using Adjoint;
using Adjoint.Optim;

foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
{
    Console.WriteLine($"{dtype}: squared error of one example at a time");
    OneByOne(dtype);
    Console.WriteLine($"{dtype}: mean squared error over a batch");
    WholeBatch(dtype);
}
Console.WriteLine("Seen: w and b move towards 2 and 1, by the same numbers to the last digit whether autograd or a formula computes the gradients.");

void OneByOne(DType dtype)
{
    Tensor w = Tensor.Scalar(-0.5, dtype, requiresGrad: true);
    Tensor b = Tensor.Scalar(0.25, dtype, requiresGrad: true);
    var opt = new SGD([w, b], lr: 0.05);

    for (int epoch = 1; epoch <= 5; epoch++)
    {
        foreach ((double x, double y) in (ReadOnlySpan<(double, double)>)[(0.7, 2.4), (1.3, 3.6), (-0.9, -0.8)])
        {
            Tensor yHat = w * x + b;                    // forward
            Tensor loss = (yHat - y).Square();          // error
            loss.Backward();                            // every gradient, by the chain rule
            Print(epoch, loss, w, b);
            opt.Step();                                 // w -= lr · grad
            opt.ZeroGrad();                             // or the next gradient would be added to this one
        }
    }
}

void WholeBatch(DType dtype)
{
    Tensor xs = Tensor.From([0.7, 1.3, -0.9]).To(dtype), ys = Tensor.From([2.4, 3.6, -0.8]).To(dtype);
    Tensor w = Tensor.Scalar(-0.5, dtype, requiresGrad: true);
    Tensor b = Tensor.Scalar(0.25, dtype, requiresGrad: true);
    var opt = new SGD([w, b], lr: 0.05);

    for (int epoch = 1; epoch <= 5; epoch++)
    {
        Tensor loss = (w * xs + b - ys).Square().Mean();
        loss.Backward();
        Print(epoch, loss, w, b);
        opt.Step();
        opt.ZeroGrad();
    }
}

// Shortest text that reads back as the same number: if two of these agree, so do all bits.
void Print(int epoch, Tensor loss, Tensor w, Tensor b) => Console.WriteLine(
    $"  epoch {epoch}  loss {Text(loss)}  w {Text(w)}  b {Text(b)}  grad_w {Text(w.Grad!)}  grad_b {Text(b.Grad!)}");

string Text(Tensor x) => x.DType == DType.Float32 ? x.Item<float>().ToString("R") : x.Item<double>().ToString("R");
