using Adjoint.Nn;

namespace Adjoint.Benchmarks.Networks;

/// <summary>ResNet-18 for small pictures, as benchmarks/torch/networks.py has it.</summary>
internal static class ResNet18
{
    internal static Sequential Create()
    {
        List<Module> layers = [new Conv2d(3, 64, 3, padding: 1, bias: false), new BatchNorm2d(64), new ReLU()];
        int before = 64;
        foreach (int channels in (int[])[64, 128, 256, 512])
        {
            layers.Add(new Residual(before, channels, channels == 64 ? 1 : 2));
            layers.Add(new Residual(channels, channels, 1));
            before = channels;
        }
        return new Sequential([.. layers, new AdaptiveAvgPool2d(1), new Flatten(), new Nn.Linear(512, 10)]);
    }

    private sealed class Residual(int inputs, int outputs, int stride) : Module
    {
        private readonly Conv2d conv1 = new(inputs, outputs, 3, stride, padding: 1, bias: false);
        private readonly BatchNorm2d bn1 = new(outputs), bn2 = new(outputs);
        private readonly Conv2d conv2 = new(outputs, outputs, 3, padding: 1, bias: false);
        private readonly Sequential shortcut = stride == 1 ? new()
            : new(new Conv2d(inputs, outputs, 1, stride, bias: false), new BatchNorm2d(outputs));

        protected override Tensor Forward(Tensor x)
        {
            Tensor y = bn2.Call(conv2.Call(F.Relu(bn1.Call(conv1.Call(x)))));
            return F.Relu(y + shortcut.Call(x));
        }
    }
}
