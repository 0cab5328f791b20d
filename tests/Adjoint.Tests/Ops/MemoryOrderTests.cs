namespace Adjoint.Tests.Ops;

/// <summary>
/// Reductions of permuted tensors, which are combined where they lie in memory, against those of their contiguous copies.
/// </summary>
public sealed class MemoryOrderTests
{
    [Fact]
    public void Reductions_of_permuted_tensors_are_those_of_their_copies()
    {
        Tensor x = Tensor.Arange(0, 120, dtype: DType.Float64).Reshape(2, 3, 4, 5);
        int[][] orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1], [0, 3, 1, 2], [1, 2, 3, 0]];
        int[][] dims = [[], [0], [1], [2], [3], [0, 1], [0, 2], [1, 3], [2, 3], [0, 1, 3], [0, 1, 2, 3]];
        foreach (int[] order in orders)
        {
            Tensor permuted = (x.Remainder(17) - 8).Permute(order), sliced = permuted.Slice(0, 1), copy = permuted.Clone(),
                slicedCopy = sliced.Clone();
            foreach (int[] d in dims)
                foreach (bool keep in new[] { false, true })
                {
                    Same(permuted.Sum(d, keep), copy.Sum(d, keep));
                    Same(permuted.Mean(d, keep), copy.Mean(d, keep));
                    Same(permuted.Norm(2, d, keep), copy.Norm(2, d, keep));
                    Same(permuted.Norm(double.PositiveInfinity, d, keep), copy.Norm(double.PositiveInfinity, d, keep));
                    Same(sliced.Sum(d, keep), slicedCopy.Sum(d, keep));
                    if (d.Length == 1) Same(permuted.Prod(d[0], keep), copy.Prod(d[0], keep));
                }
        }

        static void Same(Tensor a, Tensor b)
        {
            a.Shape.ShouldBe(b.Shape);
            a.IsContiguous.ShouldBeTrue();
            foreach ((double v, double w) in a.ToArray<double>().Zip(b.ToArray<double>())) v.ShouldBe(w, Math.Abs(w) * 1e-13 + 1e-12);
        }
    }

    [Fact]
    public void Repeated_and_empty_dimensions_are_no_order_in_memory()
    {
        Tensor.Arange(0, 3, dtype: DType.Float64).Expand(4, 3).Sum(1).ToArray<double>().ShouldBe([3, 3, 3, 3]);
        Tensor.Arange(0, 3, dtype: DType.Float64).Expand(4, 3).T.Sum(0).ToArray<double>().ShouldBe([3, 3, 3, 3]);
        Tensor.Zeros([0, 3]).T.Sum(1).ToArray<double>().ShouldBe([0, 0, 0]);
        Tensor.Zeros([2, 0, 3]).Permute(2, 1, 0).Sum(0).Shape.ShouldBe<Shape>([0, 2]);
    }
}
