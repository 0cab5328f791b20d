using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Linear = Adjoint.Nn.Linear;

/// <summary>A convolutional autoencoder that remembers where the largest elements were.</summary>
internal sealed class Autoencoder(DType d) : Module<Tensor, Tensor[]>
{
    private readonly Conv2d conv1 = new(1, 3, 3, padding: 1, paddingMode: PadMode.Circular, dtype: d);
    private readonly PReLU act1 = new(3, dtype: d);
    private readonly MaxPool2d pool = new(2);
    private readonly Conv2d conv2 = new(3, 4, 2, dilation: 2, dtype: d);
    private readonly ELU act2 = new();
    private readonly Sequential code = new(
        new Flatten(), new Linear(4, 3, dtype: d), new Softplus(), new Linear(3, 4, dtype: d), new Unflatten(1, (4, 1, 1)));
    private readonly ConvTranspose2d up2 = new(4, 3, 2, dilation: 2, dtype: d);
    private readonly PReLU act3 = new(dtype: d);
    private readonly MaxUnpool2d unpool = new(2);
    private readonly ConvTranspose2d up1 = new(3, 1, 3, padding: 1, dtype: d);

    protected override Tensor[] Forward(Tensor x)
    {
        (Tensor y, Tensor places) = pool.WithIndices(act1.Call(conv1.Call(x)));
        Tensor z = code.Call(act2.Call(conv2.Call(y)));
        return [up1.Call(unpool.Call(act3.Call(up2.Call(z)), places)).Sigmoid(), z];
    }
}
