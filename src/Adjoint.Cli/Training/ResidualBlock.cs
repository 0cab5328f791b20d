using Adjoint.Nn;

namespace Adjoint.Cli.Training;

/// <summary>Two convolutions beside a shortcut; rows and columns are halved.</summary>
internal sealed class ResidualBlock : Module
{
    private readonly Conv2d _conv1, _conv2, _shortcut;
    private readonly BatchNorm2d _bn1, _bn2, _bn3;

    public ResidualBlock(int inputs, int outputs)
    {
        Channels = outputs;
        _conv1 = new Conv2d(inputs, outputs, 3, stride: 2, padding: 1, bias: false);
        _bn1 = new BatchNorm2d(outputs);
        _conv2 = new Conv2d(outputs, outputs, 3, padding: 1, bias: false);
        _bn2 = new BatchNorm2d(outputs);
        _shortcut = new Conv2d(inputs, outputs, 1, stride: 2, bias: false);
        _bn3 = new BatchNorm2d(outputs);
    }

    public int Channels { get; }

    protected override Tensor Forward(Tensor x)
    {
        Tensor h = F.Relu(_bn1.Call(_conv1.Call(x)));
        return F.Relu(_bn2.Call(_conv2.Call(h)) + _bn3.Call(_shortcut.Call(x)));
    }
}
