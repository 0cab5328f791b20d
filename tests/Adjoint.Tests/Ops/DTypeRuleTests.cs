namespace Adjoint.Tests.Ops;

/// <summary>Which dtype a result has, and which dtypes may meet.</summary>
public class DTypeRuleTests
{
    private static Tensor Floats => Tensor.From([1f, 2], requiresGrad: true);
    private static Tensor Doubles => Tensor.From([3.0, 4], requiresGrad: true);

    [Fact] // 15.14
    public void Each_gradient_has_the_dtype_of_its_operand()
    {
        Tensor x = Floats, y = Doubles, z = x * y;
        z.DType.ShouldBe(DType.Float64);
        z.Sum().Backward();
        x.Grad!.DType.ShouldBe(DType.Float32);
        x.Grad!.ToArray<float>().ShouldBe([3, 4]);
        y.Grad!.DType.ShouldBe(DType.Float64);
        (Tensor.From([1, 2]) * Floats).DType.ShouldBe(DType.Float32);
    }

    [Fact] // 15.15
    public void Quotients_of_integers_are_of_floating_point()
    {
        Tensor x = Tensor.From([7L, -7]), y = Tensor.From([2L, 2]);
        (x / y).DType.ShouldBe(DType.Float32);
        (x / y).ToArray<float>().ShouldBe([3.5f, -3.5f]);
        x.Remainder(y).ToArray<long>().ShouldBe([1, 1]);
        x.Fmod(y).ToArray<long>().ShouldBe([1, -1]);
        Should.Throw<DTypeException>(() => x.Pow(-1)).Message.ShouldContain("negative");
    }

    [Fact] // 15.16
    public void Sums_of_integers_are_Int64_and_means_are_refused()
    {
        foreach (DType dtype in new[] { DType.Bool, DType.UInt8, DType.Int32, DType.Int64 })
        {
            Tensor x = Tensor.Ones([3], dtype);
            x.Sum().DType.ShouldBe(DType.Int64);
            x.Sum(0).Item<long>().ShouldBe(3);
            x.Prod().DType.ShouldBe(DType.Int64);
            x.CumSum(0).ToArray<long>().ShouldBe([1, 2, 3]);
            x.CumProd(0).DType.ShouldBe(DType.Int64);
            Should.Throw<DTypeException>(() => x.Mean()).Message.ShouldContain(dtype.ToString());
            Should.Throw<DTypeException>(() => x.Mean(0));
        }
    }

    [Fact] // 15.17
    public void Comparisons_and_logic_give_Bool_without_gradient()
    {
        Tensor x = Tensor.From([0.0, 2], requiresGrad: true), y = Tensor.From([1.0, 0]);
        Tensor[] results = [x < y, x.Eq(y), x.LogicalAnd(y), x.LogicalOr(y), x.LogicalNot(), x.LogicalXor(y)];
        foreach (Tensor result in results)
        {
            result.DType.ShouldBe(DType.Bool);
            result.RequiresGrad.ShouldBeFalse();
        }
        results[2].ToArray<bool>().ShouldBe([false, false]);
        results[3].ToArray<bool>().ShouldBe([true, true]);
        results[4].ToArray<bool>().ShouldBe([true, false]);
    }

    [Fact] // 15.18
    public void Products_do_not_promote()
    {
        Tensor a = Tensor.Ones(2, 2), b = Tensor.Ones([2, 2], DType.Float64);
        Should.Throw<DTypeException>(() => a.MatMul(b)).Message.ShouldContain("Float64");
        Should.Throw<DTypeException>(() => a.Mm(b));
        Should.Throw<DTypeException>(() => a[0].Dot(b[0]));
        Should.Throw<DTypeException>(() => a.Mv(b[0]));
        Should.Throw<DTypeException>(() => a.Unsqueeze(0).Bmm(b.Unsqueeze(0)));
    }

    [Fact] // 15.19
    public void Joining_promotes_and_the_gradients_come_back_in_their_own_dtypes()
    {
        Tensor x = Floats, y = Doubles;
        foreach (Tensor joined in new[] { Tensor.Cat([x, y]), Tensor.Stack([x, y]), Tensor.Where(Tensor.From([true, false]), x, y) })
        {
            joined.DType.ShouldBe(DType.Float64);
            Tensor?[] g = Autograd.Grad([joined.Sum()], [x, y]);
            g[0]!.DType.ShouldBe(DType.Float32);
            g[1]!.DType.ShouldBe(DType.Float64);
        }
    }
}
