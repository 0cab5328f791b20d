using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

/// <summary>A DCGAN (Radford et al. 2015): what the discriminator says of generated and of real pictures.</summary>
internal sealed class Gan : Module<Tensor, Tensor, Tensor[]>
{
    private readonly Sequential generator, discriminator;

    public Gan(DType d)
    {
        generator = new(
            new ConvTranspose2d(3, 4, 2, bias: false, dtype: d), new BatchNorm2d(4, dtype: d), new ReLU(),
            new ConvTranspose2d(4, 1, 4, stride: 2, padding: 1, outputPadding: 1, bias: false, dtype: d), new Tanh());
        discriminator = new(
            Parametrizations.SpectralNorm(new Conv2d(1, 3, 3, stride: 2, padding: 1, dtype: d)), new LeakyReLU(0.2), new Dropout2d(0.3),
            Parametrizations.SpectralNorm(new Conv2d(3, 1, 3, dtype: d)), new Flatten(), new Sigmoid());
        this.Apply(module =>
        {
            if (module is ConvTranspose2d conv) Init.Normal(conv.Weight, 0, 0.2);
            if (module is not BatchNorm2d norm) return;
            Init.Normal(norm.Weight!, 1, 0.02);
            Init.Constant(norm.Bias!, 0);
        });
    }

    protected override Tensor[] Forward(Tensor z, Tensor real)
    {
        Tensor made = generator.Call(z);
        return [made, discriminator.Call(made), discriminator.Call(real)];
    }
}
