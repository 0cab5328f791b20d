namespace Adjoint.Tests.Optim;

using Adjoint.Optim;

public class AdaptiveTests
{
    [Fact]
    public void RMSprop_divides_by_the_root_of_the_mean_of_squares() => Trajectory.ShouldGive(p => new RMSprop(p, 0.1),
        (1.999999605e-07, -1.000001), (-0.5163974906, -1.970428727), (-0.1894172118, -1.970428727), (-0.3515567575, -2.896307341));

    [Fact]
    public void Adagrad_divides_by_the_root_of_the_sum_of_squares() => Trajectory.ShouldGive(p => new Adagrad(p, 0.1),
        (0.9, -1.9), (0.8485504245, -1.99701425), (0.8809947087, -1.99701425), (0.8649818933, -2.089464283));

    [Fact]
    public void Adadelta_needs_no_rate() => Trajectory.ShouldGive(p => new Adadelta(p),
        (0.9968377856, -1.996839302), (0.9944473902, -2.001189513), (0.9961954425, -2.001189513), (0.995260979, -2.006747783));

    [Fact]
    public void Adamax_divides_by_the_largest() => Trajectory.ShouldGive(p => new Adamax(p, 0.1),
        (0.900000002, -1.90000001), (0.8209736088, -1.940789483), (0.7858480429, -1.966553253), (0.755078304, -2.002933014));

    /// <summary>The formula of PyTorch 2; 1.13 multiplied the product of the momenta by the last one twice.</summary>
    [Fact]
    public void NAdam_looks_ahead() => Trajectory.ShouldGive(p => new NAdam(p, 0.1),
        (0.8943548243, -1.894354833), (0.8351636687, -1.99420683), (0.8628999993, -1.999710644), (0.8367766796, -2.116249494));

    [Fact]
    public void RAdam_trusts_the_mean_of_squares_late() => Trajectory.ShouldGive(p => new RAdam(p, 0.1),
        (0.95, -1.99), (0.9105263158, -2.006315789), (0.8929986405, -2.016610992), (0.8776598792, -2.052990754),
        (0.8538570417, -2.078044843), (0.8519968633, -2.079587668), (0.8503700738, -2.081295993), (0.8484661802, -2.083900204));

    /// <summary>The first parameter after three steps in PyTorch 1.13, in single precision.</summary>
    [Fact]
    public void Momentum_and_centring_agree_with_PyTorch()
    {
        Generator generator = new(1);
        Tensor p = Tensor.Randn([37], requiresGrad: true, generator: generator);
        Tensor[] gradients = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Randn([37], generator: generator))];
        var optimizer = new RMSprop([p], lr: 0.01, centered: true, momentum: 0.9, weightDecay: 0.1);
        foreach (Tensor g in gradients)
        {
            p.Grad = g;
            optimizer.Step();
        }
        float[] now = p.ToArray<float>();
        now[0].ShouldBe(BitConverter.UInt32BitsToSingle(0xbfca0a8e), 1e-6f);
        now[36].ShouldBe(BitConverter.UInt32BitsToSingle(0xbf47554f), 1e-6f);
    }
}
