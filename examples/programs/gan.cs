#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// Generator and discriminator of points on a circle (Goodfellow et al. 2014); tests/Parity/programs/gan.py is the same program.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(1);
var generator = new Sequential(new Linear(2, 16), new LeakyReLU(0.2), new Linear(16, 2));
var discriminator = new Sequential(new Linear(2, 16), new LeakyReLU(0.2), new Linear(16, 1));
var optG = new Adam(generator.Parameters(), lr: 2e-3, betas: (0.5, 0.999));
var optD = new Adam(discriminator.Parameters(), lr: 2e-3, betas: (0.5, 0.999));
Tensor ones = Tensor.Ones(64, 1), zeros = Tensor.Zeros(64, 1);
for (int step = 1; step <= 100; step++)
{
    Tensor angle = Tensor.Rand(64) * (2 * Math.PI);
    Tensor real = Tensor.Stack([angle.Cos(), angle.Sin()], 1);
    Tensor fake = generator.Call(Tensor.Randn(64, 2));
    Tensor lossD = F.BinaryCrossEntropyWithLogits(discriminator.Call(real), ones)
        + F.BinaryCrossEntropyWithLogits(discriminator.Call(fake.Detach()), zeros);
    optD.ZeroGrad();
    lossD.Backward();
    optD.Step();
    Tensor lossG = F.BinaryCrossEntropyWithLogits(discriminator.Call(fake), ones);
    optG.ZeroGrad();
    lossG.Backward();
    optG.Step();
    if (step % 20 == 0)
        Console.WriteLine($"step {step}: discriminator {lossD:F4}, generator {lossG:F4}, radius {fake.Norm(2, 1).Mean():F4}");
}
