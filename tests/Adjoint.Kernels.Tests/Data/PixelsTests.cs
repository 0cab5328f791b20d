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
    public void Every_byte_has_the_bits_of_a_division()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        float[] numbers = new float[256];
        Pixels.Scale(bytes, numbers);
        numbers.ShouldBe([.. bytes.Select(value => value / 255f)]);
        (numbers[0], numbers[255]).ShouldBe((0f, 1f));
    }
}
