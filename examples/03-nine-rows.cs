#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows one training step in nine rows: what you write when the library differentiates, what you write by hand, and both numbers.
// Why it matters: rows 4 to 7 are what loss.Backward() does; the rest is yours in either case.
// Try: x = 0. The weight gets no gradient (-0) and stays, and the bias still gets one.
using Adjoint;
using Adjoint.Optim;

const float x = 1.5f, y = 4f, lr = 0.1f;
var rows = new List<(string Step, string Auto, string AutoValue, string Manual, string ManualValue)>();

// 1. Initialise
Tensor w = Tensor.Scalar(0.5, requiresGrad: true), b = Tensor.Scalar(-0.25, requiresGrad: true);
var opt = new SGD([w, b], lr);
float wm = 0.5f, bm = -0.25f;
Row("initialise", "Scalar(0.5, requiresGrad: true)", $"{w.Item<float>()}, {b.Item<float>()}", "float w = 0.5f, b = -0.25f", $"{wm}, {bm}");

// 2. Forward
Tensor yHat = w * x + b;
float yHatM = wm * x + bm;
Row("forward", "yHat = w * x + b", $"{yHat.Item<float>()}", "yHat = w * x + b", $"{yHatM}");

// 3. Error
Tensor loss = (yHat - y).Square();
float lossM = (yHatM - y) * (yHatM - y);
Row("error", "loss = (yHat - y).Square()", $"{loss.Item<float>()}", "loss = (yHat - y)²", $"{lossM}");

// 4. Start of backpropagation: dloss/dloss = 1. One call does rows 4 to 7.
yHat.RetainGrad();
loss.RetainGrad();
loss.Backward();
float one = 1;
Row("start of backprop", "loss.Backward()", $"{loss.Grad!.Item<float>()}", "dloss/dloss = 1", $"{one}");

// 5. Gradient of the loss
float gradYHat = one * 2 * (yHatM - y);
Row("gradient of the loss", "yHat.Grad", $"{yHat.Grad!.Item<float>()}", "2·(yHat − y)", $"{gradYHat}");

// 6. Gradient of the weight
float gradW = gradYHat * x;
Row("gradient of the weight", "w.Grad", $"{w.Grad!.Item<float>()}", "2·(yHat − y)·x", $"{gradW}");

// 7. Gradient of the bias
float gradB = gradYHat * 1;
Row("gradient of the bias", "b.Grad", $"{b.Grad!.Item<float>()}", "2·(yHat − y)", $"{gradB}");

// 8. Update
opt.Step();
wm -= lr * gradW;
bm -= lr * gradB;
Row("update", "opt.Step()", $"{w.Item<float>()}, {b.Item<float>()}", "w -= lr·gradW; b -= lr·gradB", $"{wm}, {bm}");

// 9. Clean-up
opt.ZeroGrad();
gradW = gradB = 0;
Row("clean-up", "opt.ZeroGrad()", $"{(w.Grad is null ? "none" : "left")}, {(b.Grad is null ? "none" : "left")}", "gradW = gradB = 0", $"{gradW}, {gradB}");

Console.WriteLine($"    {"",-23} {"automatic",-31} {"",-22} by hand");
foreach (var (i, row) in rows.Index())
    Console.WriteLine($"{i + 1}.  {row.Step,-23} {row.Auto,-31} {row.AutoValue,-22} {row.Manual,-29} {row.ManualValue}");
Console.WriteLine(rows.SkipLast(1).All(row => row.AutoValue == row.ManualValue) ? "Seen: the numbers agree in every row, to the last digit." : "Seen: the numbers differ.");

void Row(string step, string auto, string autoValue, string manual, string manualValue) => rows.Add((step, auto, autoValue, manual, manualValue));
