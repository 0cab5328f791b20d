namespace Adjoint.Tests.Nn;

using Adjoint.Nn;

public class InitTests
{
    private static string Hex(float value) => BitConverter.SingleToUInt32Bits(value).ToString("x8");

    [Fact]
    public void Linear_draws_the_bits_of_PyTorch()
    {
        var layer = new Linear(2, 1, generator: new Generator(0));
        layer.Weight.ToArray<float>().Select(Hex).ShouldBe(["bbad7922", "3ec2369c"]);
        layer.Bias!.ToArray<float>().Select(Hex).ShouldBe(["bf14fcb1"]);
    }

    [Theory]
    [InlineData(Nonlinearity.Linear, 1.0)]
    [InlineData(Nonlinearity.Tanh, 5.0 / 3)]
    [InlineData(Nonlinearity.Relu, 1.4142135623730951)]
    [InlineData(Nonlinearity.Selu, 0.75)]
    public void Gains_are_those_of_PyTorch(Nonlinearity nonlinearity, double gain) => Init.Gain(nonlinearity).ShouldBe(gain, 1e-15);

    [Fact]
    public void Bounds_and_deviations_follow_the_fans()
    {
        Tensor weight = Tensor.Empty([200, 300]).AsParameter();
        Init.XavierUniform(weight, generator: new Generator(1)).ShouldBeSameAs(weight);
        weight.ToArray<float>().Max(Math.Abs).ShouldBe((float)Math.Sqrt(6.0 / 500), 1e-4f);
        Init.KaimingNormal(weight, mode: FanMode.FanOut, nonlinearity: Nonlinearity.Relu, generator: new Generator(1));
        Math.Sqrt(weight.ToArray<float>().Average(x => x * x)).ShouldBe(Math.Sqrt(2.0 / 200), 1e-3);
        weight.RequiresGrad.ShouldBeTrue();
        weight.IsLeaf.ShouldBeTrue();
        Should.Throw<ShapeException>(() => Init.XavierNormal(Tensor.Empty([3])));
    }
}
