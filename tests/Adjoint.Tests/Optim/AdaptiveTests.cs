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
