#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// A variational autoencoder of digits (Kingma and Welling 2014); tests/Parity/programs/vae.py is the same program.
using Adjoint;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
Tensor images = Mnist.Load(train: true).GetBatch([.. Enumerable.Range(0, 1024)])[0];
var loader = new DataLoader(new TensorDataset(images.Flatten(1)), batchSize: 128, shuffle: true);
var net = new Vae();
var opt = new Adam(net.Parameters(), lr: 3e-3);
for (int epoch = 0; epoch < 4; epoch++)
{
    double total = 0, divergence = 0;
    foreach (Batch batch in loader)
    {
        Tensor x = batch[0];
        (Tensor output, Tensor mu, Tensor logVar) = net.Run(x);
        Tensor bce = F.BinaryCrossEntropy(output, x, reduction: Reduction.Sum);
        Tensor kld = -0.5 * (1 + logVar - mu.Pow(2) - logVar.Exp()).Sum();
        Tensor loss = (bce + kld) / x.Shape[0];
        opt.ZeroGrad();
        loss.Backward();
        opt.Step();
        total += loss.Item() * x.Shape[0];
        divergence = kld.Item() / x.Shape[0];
    }
    Console.WriteLine(FormattableString.Invariant($"epoch {epoch + 1}: loss {total / 1024:F2}, divergence of the last batch {divergence:F4}"));
}

class Vae : Module
{
    readonly Linear enc = new(784, 64), mu = new(64, 8), logvar = new(64, 8), dec1 = new(8, 64), dec2 = new(64, 784);

    public (Tensor Output, Tensor Mu, Tensor LogVar) Run(Tensor x)
    {
        Tensor h = F.Relu(enc.Call(x));
        (Tensor m, Tensor v) = (mu.Call(h), logvar.Call(h));
        Tensor z = m + m.RandnLike() * (0.5 * v).Exp();
        return (dec2.Call(F.Relu(dec1.Call(z))).Sigmoid(), m, v);
    }

    protected override Tensor Forward(Tensor x) => Run(x).Output;
}
