namespace Adjoint.Tests.Optim;

using Adjoint.Optim;

public class SgdTests
{
    [Fact]
    public void Plain() => Trajectory.ShouldGive(p => new SGD(p, 0.1), (0.95, -1.99), (0.92, -2.03), (0.94, -2.03), (0.93, -2.13));

    [Fact]
    public void Momentum() =>
        Trajectory.ShouldGive(p => new SGD(p, 0.1, momentum: 0.9), (0.95, -1.99), (0.875, -2.021), (0.8275, -2.0489), (0.77475, -2.17401));

    [Fact]
    public void Dampening_does_not_apply_to_the_first_step() =>
        Trajectory.ShouldGive(
            p => new SGD(p, 0.1, momentum: 0.9, dampening: 0.5), (0.95, -1.99), (0.89, -2.001), (0.846, -2.0109), (0.8014, -2.06981));

    [Fact]
    public void Nesterov() =>
        Trajectory.ShouldGive(
            p => new SGD(p, 0.1, momentum: 0.9, nesterov: true), (0.905, -1.981), (0.8075, -2.0489), (0.78475, -2.07401),
            (0.727275, -2.286609));

    [Fact]
    public void Weight_decay_comes_before_momentum() =>
        Trajectory.ShouldGive(
            p => new SGD(p, 0.1, momentum: 0.9, weightDecay: 0.1), (0.94, -1.97), (0.8466, -1.9633), (0.774074, -1.937637),
            (0.69105986, -1.99516393));

    [Fact]
    public void Maximize_goes_uphill() => Trajectory.ShouldGive(p => new SGD(p, 0.1, maximize: true), (1.05, -2.01));

    [Fact]
    public void Options_that_make_no_sense_are_errors()
    {
        Tensor[] p = [Tensor.Ones([1], requiresGrad: true)];
        Should.Throw<ArgumentOutOfRangeException>(() => new SGD(p, lr: -1)).Message.ShouldContain("Invalid learning rate: -1");
        Should.Throw<ArgumentOutOfRangeException>(() => new SGD(p, momentum: -1)).Message.ShouldContain("Invalid momentum: -1");
        Should.Throw<ArgumentOutOfRangeException>(() => new SGD(p, weightDecay: -1)).Message.ShouldContain("Invalid weight decay: -1");
        Should.Throw<ArgumentException>(() => new SGD(p, nesterov: true));
        Should.Throw<ArgumentException>(() => new SGD(p, momentum: 0.9, dampening: 0.5, nesterov: true));
    }

    /// <summary>Three roundings are PyTorch's: the product of the momentum, and two fused multiplications and additions.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(40_000)]
    public void A_plain_loop_gives_the_same_bits(int n)
    {
        Generator generator = new(5);
        Tensor p = Tensor.Randn([n], requiresGrad: true, generator: generator), g1 = Tensor.Randn([n], generator: generator),
            g2 = Tensor.Randn([n], generator: generator);
        float[] x = p.ToArray<float>(), a = g1.ToArray<float>(), b = g2.ToArray<float>();
        var optimizer = new SGD([p], lr: 0.1, momentum: 0.9);
        foreach (Tensor g in new[] { g1, g2 })
        {
            p.Grad = g;
            optimizer.Step();
        }
        float[] now = p.ToArray<float>();
        for (int i = 0; i < n; i++)
        {
            float first = x[i] - 0.1f * a[i];
            float buffer = 0.9f * a[i] + b[i];
            now[i].ShouldBe(first - 0.1f * buffer);
        }
    }
}
