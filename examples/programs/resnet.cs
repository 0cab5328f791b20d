#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// A residual network (He et al. 2015); tests/Parity/programs/resnet.py is the same program.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
var net = new ResNet();
Console.WriteLine($"{net.Parameters().Sum(p => p.NumEl)} parameters, {net.StateDict().Count} tensors");
Tensor x = Tensor.Randn(32, 3, 16, 16), y = Tensor.RandInt(0, 10, [32]);
var opt = new SGD(net.Parameters(), lr: 0.1, momentum: 0.9, weightDecay: 5e-4);
var schedule = new CosineAnnealingLR(opt, tMax: 8);
for (int step = 1; step <= 8; step++)
{
    Tensor loss = F.CrossEntropy(net.Call(x), y, labelSmoothing: 0.1);
    opt.ZeroGrad();
    loss.Backward();
    Gradients.ClipNorm(net.Parameters(), 5.0);
    opt.Step();
    schedule.Step();
    Console.WriteLine(FormattableString.Invariant($"step {step}: loss {loss:F4}, next rate {opt.ParamGroups[0].Lr:F5}"));
}
net.Eval();
using (Autograd.NoGrad())
    Console.WriteLine($"in evaluation: accuracy {(net.Call(x).ArgMax(1) == y).Float().Mean():F4}");

class Block : Module
{
    readonly Conv2d conv1, conv2;
    readonly BatchNorm2d bn1, bn2;
    readonly Sequential shortcut = new();

    public Block(int inputs, int outputs, int stride)
    {
        conv1 = new(inputs, outputs, 3, stride, padding: 1, bias: false);
        bn1 = new(outputs);
        conv2 = new(outputs, outputs, 3, padding: 1, bias: false);
        bn2 = new(outputs);
        if (stride != 1 || inputs != outputs)
            shortcut = new(new Conv2d(inputs, outputs, 1, stride, bias: false), new BatchNorm2d(outputs));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor h = F.Relu(bn1.Call(conv1.Call(x)));
        return F.Relu(bn2.Call(conv2.Call(h)) + shortcut.Call(x));
    }
}

class ResNet : Module
{
    readonly Conv2d conv = new(3, 8, 3, padding: 1, bias: false);
    readonly BatchNorm2d bn = new(8);
    readonly Sequential layers = new(new Block(8, 8, 1), new Block(8, 16, 2), new Block(16, 32, 2));
    readonly Linear fc = new(32, 10);

    protected override Tensor Forward(Tensor x)
    {
        Tensor h = layers.Call(F.Relu(bn.Call(conv.Call(x))));
        return fc.Call(F.AdaptiveAvgPool2d(h, 1).Flatten(1));
    }
}
