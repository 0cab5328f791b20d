namespace Adjoint.Tests.Ops.Numbers;

/// <summary>The factor of a sum is a number of the dtype of the sum, as in PyTorch 1.13, whose answers these are.</summary>
public class AlphaTests
{
    private static readonly DType[] Whole = [DType.Bool, DType.UInt8, DType.Int32, DType.Int64];

    [Fact]
    public void A_sum_with_a_factor_has_the_dtype_of_the_sum()
    {
        foreach (DType left in Whole.Append(DType.Float32))
        {
            foreach (DType right in Whole.Append(DType.Float32))
            {
                Tensor x = Tensor.From([1L, 0]).To(left), y = Tensor.From([1L, 1]).To(right);
                Tensor sum = x.Add(y, 2);
                sum.DType.ShouldBe((x + y).DType, $"{left} and {right}");
                sum.To(DType.Float64).ToArray<double>().ShouldBe(sum.DType == DType.Bool ? [1, 1] : [3, 2], $"{left} and {right}");
                if (left != DType.Bool && right != DType.Bool) x.Sub(y, 2).DType.ShouldBe((x - y).DType);
            }
        }
    }

    [Fact]
    public void A_factor_of_truth_values_is_one()
    {
        Tensor x = Tensor.From([true, false]), other = x.LogicalNot();
        x.Add(x, 5L).ToArray<bool>().ShouldBe([true, false]);
        x.Add(other, 5L).ToArray<bool>().ShouldBe([true, true]);
        x.Add(other, 0).ToArray<bool>().ShouldBe([true, false]);
        x.Add(other, true).DType.ShouldBe(DType.Bool);
        Should.Throw<DTypeException>(() => x.Add(x, 2.5)).Message.ShouldContain("2.5");
        Should.Throw<DTypeException>(() => x.Sub(x, 2));
        Should.Throw<DTypeException>(() => x.AddCMul(x, x, 2)).Message.ShouldContain("AddCMul");
        x.AddInPlace(other, 3).ToArray<bool>().ShouldBe([true, true]);
    }

    [Fact]
    public void Sums_of_truth_values_are_truth_values()
    {
        Tensor x = Tensor.From([true, false]), many = Tensor.Ones([256], DType.Bool), places = Tensor.Zeros([256], DType.Int64);
        Bytes(x + x).ShouldBe([1, 0]);
        Bytes(x.AddInPlace(Tensor.Ones([2], DType.Bool))).ShouldBe([1, 1]);
        Tensor none = Tensor.Zeros([2], DType.Bool);
        Bytes(none.IndexAdd(0, places, many)).ShouldBe([1, 0]);
        Bytes(none.IndexPut([places], many, accumulate: true)).ShouldBe([1, 0]);
        Bytes(none.ScatterAdd(0, places, many)).ShouldBe([1, 0]);

        static byte[] Bytes(Tensor t) => t.To(DType.UInt8).ToArray<byte>();
    }

    [Fact]
    public void A_factor_that_the_sum_cannot_hold_is_refused_and_one_of_truth_beside_numbers_too()
    {
        Tensor bytes = Tensor.From([1L, 2]).To(DType.UInt8), longs = Tensor.From([1L, 2]), bools = Tensor.From([true, false]);
        Should.Throw<DTypeException>(() => bytes.Add(bytes, 300)).Message.ShouldContain("300");
        Should.Throw<DTypeException>(() => bytes.Add(bools, 300));
        bytes.Add(longs, 300).ToArray<long>().ShouldBe([301, 602]);
        Should.Throw<DTypeException>(() => longs.Add(longs, true)).Message.ShouldContain("alpha");
        Should.Throw<DTypeException>(() => longs.Add(bools, true));
        bools.Add(longs, 300).ToArray<long>().ShouldBe([301, 600]);
        longs.AddInPlace(bools, 2).ToArray<long>().ShouldBe([3, 2]);
    }

    [Fact]
    public void Taking_along_a_number_is_taking_it() =>
        Tensor.Scalar(0.5).TakeAlongDim(Tensor.Scalar(0, DType.Int64), 0).Item().ShouldBe(0.5);
}
