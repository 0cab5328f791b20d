namespace Adjoint.Tests.Ops.Matrix;

public class MatMulTests
{
    public static TheoryData<int[], int[], int[]> Ranks => new()
    {
        { [3], [3], [] },
        { [2, 3], [3], [2] },
        { [3], [3, 4], [4] },
        { [2, 3], [3, 4], [2, 4] },
        { [5, 2, 3], [3, 4], [5, 2, 4] },
        { [5, 2, 3], [3], [5, 2] },
        { [3], [5, 3, 4], [5, 4] },
        { [2, 3], [5, 3, 4], [5, 2, 4] },
        { [5, 2, 3], [5, 3, 4], [5, 2, 4] },
        { [2, 1, 2, 3], [5, 3, 4], [2, 5, 2, 4] },
    };

    private static Tensor Random(int[] sizes, int seed) => Tensor.Randn(Shape.Of(sizes), DType.Float64, generator: new Generator(seed));

    private static double At(Tensor x, params int[] index)
    {
        for (int d = 0; d < index.Length; d++) x = x.Select(0, index[d]);
        return x.Item();
    }

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Shapes_are_those_of_PyTorch(int[] left, int[] right, int[] product) =>
        Random(left, 1).MatMul(Random(right, 2)).Shape.ShouldBe(Shape.Of(product));

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Gradients_of_first_and_second_order_agree_with_differences(int[] left, int[] right, int[] _) =>
        FiniteDifferences.Check(x => x[0].MatMul(x[1]), Random(left, 1), Random(right, 2));

    [Fact]
    public void Batches_broadcast()
    {
        Tensor a = Random([2, 1, 2, 3], 1), b = Random([5, 3, 4], 2), c = a.MatMul(b);
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 5; j++)
            {
                double expected = 0;
                for (int k = 0; k < 3; k++) expected += At(a, i, 0, 1, k) * At(b, j, k, 2);
                At(c, i, j, 1, 2).ShouldBe(expected, 1e-12);
            }
    }

    [Fact]
    public void Transposed_views_and_slices_are_multiplied_in_place()
    {
        Tensor a = Random([4, 3], 1), b = Random([4, 5], 2);
        double[] product = a.T.MatMul(b).ToArray<double>();
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 5; j++)
            {
                double expected = 0;
                for (int k = 0; k < 4; k++) expected += At(a, k, i) * At(b, k, j);
                product[i * 5 + j].ShouldBe(expected, 1e-12);
            }
        FiniteDifferences.Check(x => x[0].T.MatMul(x[1].T), Random([4, 3], 1), Random([5, 4], 2));
    }

    [Fact]
    public void Integers_are_multiplied_exactly()
    {
        Tensor a = Tensor.From([1L << 60, 3, 2, 1], [2, 2]), b = Tensor.From([1L, 2, 5, 7], [2, 2]);
        a.MatMul(b).ToArray<long>().ShouldBe([(1L << 60) + 15, (1L << 61) + 21, 7, 11]);
    }

    [Fact]
    public void Empty_operands_give_zeros_or_nothing()
    {
        Tensor.Zeros(2, 0).MatMul(Tensor.Zeros(0, 3)).ToArray<float>().ShouldBe(new float[6]);
        Tensor.Zeros(0, 2).MatMul(Tensor.Zeros(2, 3)).Shape.ShouldBe(Shape.Of(0, 3));
    }

    [Fact]
    public void Nodes_have_the_names_of_PyTorch()
    {
        Tensor m = Tensor.Ones([2, 2], requiresGrad: true), v = Tensor.Ones([2], requiresGrad: true),
            b = Tensor.Ones([3, 2, 2], requiresGrad: true);
        m.MatMul(m).GradFn!.Name.ShouldBe("MmBackward0");
        m.MatMul(v).GradFn!.Name.ShouldBe("MvBackward0");
        v.MatMul(v).GradFn!.Name.ShouldBe("DotBackward0");
        b.MatMul(b).GradFn!.Name.ShouldBe("BmmBackward0");
        v.AddMm(m, m).GradFn!.Name.ShouldBe("AddmmBackward0");
    }

    [Fact]
    public void Inner_sizes_that_differ_are_named_with_a_hint() =>
        Should.Throw<ShapeException>(() => Tensor.Zeros(64, 784).MatMul(Tensor.Zeros(256, 784))).Message
            .ShouldBe("MatMul: inner dimensions differ: [64, 784] × [256, 784]; the left's last (784) must equal the right's second to "
                + "last (256). Did you mean right.T?");

    [Fact]
    public void Dtypes_that_differ_are_an_error() =>
        Should.Throw<DTypeException>(() => Tensor.Zeros(2, 2).MatMul(Tensor.Zeros([2, 2], DType.Float64))).Message.ShouldContain(
            "same dtype");

    [Fact]
    public void Only_the_operand_that_is_needed_is_kept()
    {
        Tensor a = Tensor.Ones([2, 2]), b = Tensor.Ones([2, 2], requiresGrad: true);
        Tensor c = a.MatMul(b);
        c.GradFn!.Saved.Keys.ShouldBe(["self"]);
    }

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(0.5, -2.0)]
    [InlineData(0.0, 3.0)]
    public void AddMm_scales_and_adds(double beta, double alpha)
    {
        FiniteDifferences.Check(x => x[0].AddMm(x[1], x[2], beta, alpha), Random([4], 1), Random([2, 3], 2), Random([3, 4], 3));
        Tensor c = Random([2, 4], 1), a = Random([2, 3], 2), b = Random([3, 4], 3);
        double[] expected = (c * beta + a.MatMul(b) * alpha).ToArray<double>();
        double[] actual = c.AddMm(a, b, beta, alpha).ToArray<double>();
        for (int i = 0; i < expected.Length; i++) actual[i].ShouldBe(expected[i], 1e-12);
    }
}
