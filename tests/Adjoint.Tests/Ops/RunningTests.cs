
namespace Adjoint.Tests.Ops;

/// <summary>Sums and products of many numbers: their accuracy and their time.</summary>
public class RunningTests
{
    [Theory]
    [InlineData(new[] { 1_000_000 }, 0)]
    [InlineData(new[] { 500_000, 3 }, 0)]
    [InlineData(new[] { 2, 400_000 }, 1)]
    public void Running_sums_of_float32_are_kept_in_double(int[] sizes, int dim)
    {
        Tensor x = Tensor.Full(Shape.Of(sizes), 0.1f), y = x.CumSum(dim);
        float expected = (float)(sizes[dim] * (double)0.1f);
        y.Select(dim, -1).Reshape(-1).ToArray<float>().ShouldAllBe(v => v == expected);

        Tensor leaf = x.Clone().RequiresGradInPlace();
        leaf.CumSum(dim).Backward(x);
        leaf.Grad!.Select(dim, 0).Reshape(-1).ToArray<float>().ShouldAllBe(v => v == expected);
    }

    [Fact]
    public void Running_products_of_float32_are_kept_in_double()
    {
        float factor = 1.000001f;
        Tensor.Full([1_000_000], factor).CumProd(0)[^1].Item<float>().ShouldBe((float)Math.Pow(factor, 1_000_000), 2e-7);
    }

    [Fact]
    public void The_gradient_of_a_running_product_takes_a_zero_as_it_is()
    {
        Tensor x = Tensor.Ones([200_000], DType.Float64);
        x[7] = 0;
        x.RequiresGradInPlace();
        x.CumProd(0).Sum().Backward();
        // Before the zero its own seven results count; at the zero all that follow it; behind it nothing.
        double[] g = x.Grad!.ToArray<double>();
        g[..9].ShouldBe([7, 6, 5, 4, 3, 2, 1, 199_993, 0]);
        g[^1].ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Derivatives_of_products_are_right_with_any_number_of_zeros(int zeros)
    {
        double[] values = [1.5, -0.7, 2.1, 0.4, -1.2];
        for (int i = 0; i < zeros; i++) values[1 + 2 * i] = 0;
        FiniteDifferences.Check(x => x[0].CumProd(0), Tensor.From(values));
        FiniteDifferences.Check(x => x[0].Prod(0), Tensor.From(values));
        FiniteDifferences.Check(x => x[0].Reshape(5, 1).Expand(5, 2).CumProd(0), Tensor.From(values));
    }

    public static TheoryData<string> Joins => ["Stack", "Cat", "Unbind", "Split", "foreach"];

    /// <summary>Each took time as the square of the number: 200,000 would take minutes.</summary>
    [Theory]
    [MemberData(nameof(Joins))]
    public void Many_tensors_are_joined_and_cut_in_linear_work(string how)
    {
        // Once for what is made at the first call. Four times as many tensors then need four times as much memory, and a table that
        // doubles.
        Allocated(how, 100);
        long few = Allocated(how, 20_000);
        Allocated(how, 80_000).ShouldBeLessThan(6 * few);
    }

    /// <summary>Bytes of objects that are made on the way through <paramref name="n"/> tensors and back.</summary>
    private static long Allocated(string how, int n)
    {
        Tensor[] parts = how is "Stack" or "Cat" ? [.. Enumerable.Range(0, n).Select(_ => Tensor.Ones([1], requiresGrad: true))] : [];
        Tensor whole = Tensor.Ones([n, 1], requiresGrad: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Tensor joined = how switch
        {
            "Stack" => Tensor.Stack(parts),
            "Cat" => Tensor.Cat(parts),
            "Unbind" => Tensor.Stack(whole.Unbind()),
            "Split" => Tensor.Cat(whole.Split(1)),
            _ => Tensor.Stack([.. whole]),
        };
        joined.Sum().Backward();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        (parts.Length > 0 ? parts[^1].Grad! : whole.Grad!).ToArray<float>().ShouldAllBe(g => g == 1);
        return allocated;
    }

    public static TheoryData<string> Forms => [.. s_variances.Keys];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_variances = new()
    {
        ["Var()"] = x => x.Var(),
        ["Var([0])"] = x => x.Var([0]),
        ["correction 1"] = x => x.Var([0], correction: 1, keepDim: true),
        ["correction 0"] = x => x.Var([0], correction: 0) * 1.5,
        ["Std"] = x => x.Std([0]).Square(),
        ["VarMean"] = x => x.VarMean([0]).Var,
        ["StdMean"] = x => x.StdMean([0]).Std.Square(),
        ["column"] = x => x.Unsqueeze(1).Expand(3, 4).Contiguous().Var([0])[2],
        ["strided"] = x => Tensor.Stack([x, x * 0], 1)[.., 0].Var([0]),
        ["two dimensions"] = x => x.Reshape(3, 1, 1).Var([0, 2]),
        ["Float64"] = x => x.To(DType.Float64).Var(),
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_variance_is_that_of_the_numbers_and_not_of_a_rounded_mean(string form)
    {
        Tensor x = Tensor.From([1e8f, 1e8f + 8, 1e8f + 16]);
        s_variances[form](x).Item().ShouldBe(64);
        x.VarMean([0]).Mean.Item().ShouldBe(1e8 + 8);
    }

    [Fact]
    public void Gradients_of_variances_are_those_of_the_numbers_too()
    {
        Tensor x = Tensor.From([1e8f, 1e8f + 8, 1e8f + 16], requiresGrad: true);
        x.Var().Backward();
        x.Grad!.ToArray<float>().ShouldBe([-8, 0, 8]);
        x.Grad = null;
        x.Std().Backward();
        x.Grad!.ToArray<float>().ShouldBe([-0.5f, 0, 0.5f]);
    }

    [Fact]
    public void A_deviation_whose_square_is_no_float_is_one_all_the_same()
    {
        Tensor.From([1e30f, -1e30f]).Std().Item().ShouldBe(Math.Sqrt(2) * 1e30, 1e24);
        Tensor.From([1e-30f, -1e-30f]).Std().Item().ShouldBe(Math.Sqrt(2) * 1e-30, 1e-36);
        Tensor.From([3e38f, 3e38f, 3e38f]).VarMean([0]).Mean.Item().ShouldBe(3e38f);
    }
}
