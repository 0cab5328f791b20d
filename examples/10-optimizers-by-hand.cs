#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows Adam and SGD with momentum written by hand, beside the library: identical to the bit, 1000 steps long.
// Why it matters: an optimizer is three lines of arithmetic and a memory; and small departures, such as Adam without its bias
// correction, are another algorithm.
// Try: set Beta2 to 0.9 in AdamByHand alone. The first step is the same, because the correction is made for that; at the second they part.
using Adjoint;
using Adjoint.Optim;

Compare("SGD with momentum 0.9", parameters => new SGD(parameters, lr: 0.05, momentum: 0.9), new MomentumByHand());
Compare("Adam", parameters => new Adam(parameters, lr: 0.05), new AdamByHand());

// Adam as some texts print it, without the bias correction. m and v begin at 0 and are too small by 1 − βᵗ. In the first step
// m = 0.1·g and v = 0.001·g², so the step is lr·0.1/√0.001 = 3.16·lr where it should be lr, whatever the gradient is.
Tensor start = Tensor.Scalar(1, requiresGrad: true);
var adam = new Adam([start], lr: 0.1);
(start * 2).Backward();
adam.Step();
float m = 0.1f * 2, v = 0.001f * 4, uncorrected = 1 - 0.1f * m / (MathF.Sqrt(v) + 1e-8f);
Console.WriteLine($"the first step from 1 with lr 0.1: {start.Item():F3} with the correction, {uncorrected:F3} without");
Console.WriteLine("Seen: the library does what the formulas say, in the order in which they are written; without the correction Adam starts three times too fast.");

// Both go down the same valley from the same place: loss = (w − 3)² · ½.
void Compare(string name, Func<Tensor[], Optimizer> make, IByHand hand)
{
    Tensor w = Tensor.Scalar(-1, requiresGrad: true);
    Optimizer opt = make([w]);
    float byHand = -1;
    int same = 0;
    for (int step = 1; step <= 1000; step++)
    {
        opt.ZeroGrad();
        Tensor loss = (w - 3).Square() * 0.5;
        loss.Backward();
        opt.Step();

        byHand = hand.Step(byHand, byHand - 3);         // dloss/dw = w − 3
        if (BitConverter.SingleToInt32Bits(byHand) == BitConverter.SingleToInt32Bits(w.Item<float>())) same++;
        if (step is 1 or 2 or 10 or 100 or 1000) Console.WriteLine($"{name,-22} step {step,4}   library {w.Item<float>(),-11} by hand {byHand}");
    }
    Console.WriteLine($"{name,-22} {same} of 1000 steps identical to the bit");
}

interface IByHand
{
    float Step(float w, float grad);
}

// b ← m·b + g (the first time b ← g), w ← w − lr·b
class MomentumByHand : IByHand
{
    private float _b;
    private bool _begun;

    public float Step(float w, float grad)
    {
        _b = _begun ? 0.9f * _b + grad : grad;
        _begun = true;
        return w - 0.05f * _b;
    }
}

// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²; both start at 0 and so are too small by 1 − βᵗ: that is corrected.
class AdamByHand : IByHand
{
    private const double Lr = 0.05, Beta1 = 0.9, Beta2 = 0.999;
    private float _m, _v;
    private int _t;

    public float Step(float w, float grad)
    {
        _t++;
        _m = (float)Beta1 * _m + (float)(1 - Beta1) * grad;
        _v = (float)Beta2 * _v + (float)(1 - Beta2) * grad * grad;
        float stepSize = (float)(Lr / (1 - Math.Pow(Beta1, _t)));
        float denominator = MathF.Sqrt(_v) / (float)Math.Sqrt(1 - Math.Pow(Beta2, _t)) + 1e-8f;
        return w - stepSize * _m / denominator;
    }
}
