using Adjoint.Nn;

namespace Adjoint.Tests.Ops;

/// <summary>Sums over corners: what is beside the input, any number of threads, derivatives of derivatives.</summary>
public class GridSampleTests
{
    private static Tensor Numbers(ulong seed, params ReadOnlySpan<int> sizes) =>
        Tensor.Rand(Shape.Of(sizes), DType.Float64, generator: new Generator(seed)) * 2.4 - 1.2;

    [Fact]
    public void Places_beside_the_input_and_no_numbers_read_zero()
    {
        Tensor x = Tensor.Ones([1, 1, 3, 3]);
        Tensor Of(double place) => F.GridSample(x, Tensor.Full([1, 1, 1, 2], place, DType.Float32), GridSampleMode.Nearest);
        foreach (double place in (double[])[-1e30, -1.5, 1.5, 1e30, double.PositiveInfinity, double.NegativeInfinity, double.NaN])
            Of(place).Item().ShouldBe(0);
        Of(0.9).Item().ShouldBe(1);
        F.GridSample(x, Tensor.Zeros([1, 0, 4, 2])).Shape.ShouldBe(Shape.Of(1, 1, 0, 4));
        F.GridSample(Tensor.Ones([1, 0, 3, 3]), Tensor.Zeros([1, 5, 4, 2])).Shape.ShouldBe(Shape.Of(1, 0, 5, 4));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        int before = Cpu.Threads;
        Tensor x = Numbers(1, 3, 5, 20, 30), grid = Numbers(2, 3, 17, 41, 2);
        double[] Of(int threads)
        {
            Cpu.Threads = threads;
            Tensor a = x.Detach().RequiresGradInPlace(), b = grid.Detach().RequiresGradInPlace();
            Tensor y = F.GridSample(a, b, GridSampleMode.Bicubic, GridSamplePadding.Reflection);
            y.Backward(Tensor.Ones(y.Shape, DType.Float64));
            return [.. ((Tensor[])[y.Detach(), a.Grad!, b.Grad!]).SelectMany(t => t.Reshape(-1).ToArray<double>())];
        }
        try
        {
            Of(2).ShouldBe(Of(1));
        }
        finally
        {
            Cpu.Threads = before;
        }
    }

    [Fact]
    public void An_image_is_sampled_as_corners_say()
    {
        Tensor x = Numbers(3, 1, 2, 4, 5), grid = Numbers(4, 1, 9, 7, 2);
        Tensor y = F.GridSample(x, grid, alignCorners: true);
        for (int p = 0; p < 63; p++)
        {
            double h = (grid[0, p / 7, p % 7, 1].Item() + 1) / 2 * 3, w = (grid[0, p / 7, p % 7, 0].Item() + 1) / 2 * 4;
            for (int c = 0; c < 2; c++)
            {
                double sum = 0;
                for (int i = 0; i < 4; i++)
                    for (int j = 0; j < 5; j++)
                        sum += x[0, c, i, j].Item() * Math.Max(0, 1 - Math.Abs(h - i)) * Math.Max(0, 1 - Math.Abs(w - j));
                y[0, c, p / 7, p % 7].Item().ShouldBe(sum, 1e-12);
            }
        }
    }
}
