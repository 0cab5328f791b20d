using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels.Data;

public class PixelsTests
{
    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(0.1307f, 0.3081f)]
    public void Every_length_has_the_bits_of_the_scalar_formula(float mean, float std)
    {
        for (int length = 0; length <= 67; length++)
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37))];
            float[] numbers = new float[length];
            Pixels.Scale(bytes, numbers, mean, std);
            numbers.ShouldBe([.. bytes.Select(value => (value / 255f - mean) / std)]);
        }
    }

    [Fact]
    public void The_ends_are_zero_and_one()
    {
        float[] numbers = new float[16];
        Pixels.Scale([.. Enumerable.Repeat((byte)255, 15), 0], numbers);
        (numbers[0], numbers[15]).ShouldBe((1f, 0f));
    }
}
