// Shows Quest 9.1, the manual ritual: what 01-quest-auto.cs does, in plain C# numbers, without the library.
// Why it matters: the gradients that autograd finds are these two formulas. Both programs print identical text, to the byte.
// Try: write error * two * x instead of two * error * x. The text stays the same: 2 is a power of two, so doubling rounds nothing.
using System.Numerics;

Console.WriteLine("Float32: squared error of one example at a time");
OneByOne<float>();
Console.WriteLine("Float32: mean squared error over a batch");
WholeBatch<float>();
Console.WriteLine("Float64: squared error of one example at a time");
OneByOne<double>();
Console.WriteLine("Float64: mean squared error over a batch");
WholeBatch<double>();
Console.WriteLine("Seen: w and b move towards 2 and 1, by the same numbers to the last digit whether autograd or a formula computes the gradients.");

void OneByOne<T>() where T : IBinaryFloatingPointIeee754<T>
{
    T w = N<T>(-0.5), b = N<T>(0.25), lr = N<T>(0.05), two = N<T>(2);

    for (int epoch = 1; epoch <= 5; epoch++)
    {
        foreach ((double input, double target) in (ReadOnlySpan<(double, double)>)[(0.7, 2.4), (1.3, 3.6), (-0.9, -0.8)])
        {
            T x = N<T>(input), y = N<T>(target);
            T yHat = w * x + b;                         // forward
            T error = yHat - y;
            T loss = error * error;
            T gradW = two * error * x;                  // dloss/dw = dloss/dŷ · dŷ/dw = 2·(ŷ − y) · x
            T gradB = two * error;                      // dloss/db = dloss/dŷ · dŷ/db = 2·(ŷ − y) · 1
            Print(epoch, loss, w, b, gradW, gradB);
            w -= lr * gradW;
            b -= lr * gradB;
        }
    }
}

void WholeBatch<T>() where T : IBinaryFloatingPointIeee754<T>
{
    T[] xs = [N<T>(0.7), N<T>(1.3), N<T>(-0.9)], ys = [N<T>(2.4), N<T>(3.6), N<T>(-0.8)];
    T w = N<T>(-0.5), b = N<T>(0.25), lr = N<T>(0.05), two = N<T>(2), n = N<T>(xs.Length);

    for (int epoch = 1; epoch <= 5; epoch++)
    {
        T sum = T.Zero, gradW = T.Zero, gradB = T.Zero;
        for (int i = 0; i < xs.Length; i++)
        {
            T error = w * xs[i] + b - ys[i];
            sum += error * error;
            gradW += T.One / n * (two * error) * xs[i]; // the mean passes 1/N to each example
            gradB += T.One / n * (two * error);
        }
        Print(epoch, sum / n, w, b, gradW, gradB);
        w -= lr * gradW;
        b -= lr * gradB;
    }
}

T N<T>(double number) where T : INumberBase<T> => T.CreateChecked(number);

void Print<T>(int epoch, T loss, T w, T b, T gradW, T gradB) where T : IFormattable => Console.WriteLine(
    $"  epoch {epoch}  loss {loss:R}  w {w:R}  b {b:R}  grad_w {gradW:R}  grad_b {gradB:R}");
