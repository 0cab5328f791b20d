namespace Adjoint.Tests.Ops;

/// <summary>Gradients of operands that were repeated to fit: summed over what was repeated. Numbers from PyTorch.</summary>
public class BroadcastingTests
{
    private static Tensor Grid => Tensor.From([1.0, 2, 3, 4, 5, 6], [2, 3], requiresGrad: true);
    private static Tensor Row => Tensor.From([2.0, 1, 3], requiresGrad: true);
    private static Tensor Column => Tensor.From([0.5, 2], [2, 1], requiresGrad: true);

    /// <summary>The gradients of the sum of the result, which must have the shapes of their operands.</summary>
    private static double[][] Gradients(Tensor result, params Tensor[] operands)
    {
        Tensor?[] gradients = Autograd.Grad([result.Sum()], operands);
        for (int i = 0; i < operands.Length; i++) gradients[i]!.Shape.ShouldBe(operands[i].Shape);
        return [.. gradients.Select(g => g!.ToArray<double>().Select(v => Math.Round(v, 6)).ToArray())];
    }

    [Fact] // 15.1
    public void The_gradient_has_the_operands_own_shape()
    {
        Tensor a = Tensor.From([1.0, 2, 3], [3, 1], requiresGrad: true), b = Tensor.From([4.0, 5, 6, 7], [1, 4], requiresGrad: true);
        double[][] g = Gradients(a * b, a, b);
        g[0].ShouldBe([22, 22, 22]);
        g[1].ShouldBe([6, 6, 6, 6]);
        Tensor v = Tensor.From([1.0, 2, 3, 4], requiresGrad: true), block = Tensor.Ones([2, 3, 4], DType.Float64);
        Gradients(v * block, v)[0].ShouldBe([6, 6, 6, 6]);
        Tensor scalar = Tensor.Scalar(2.0, DType.Float64, requiresGrad: true);
        Gradients(scalar + Grid, scalar)[0].ShouldBe([6]);
    }

    public static TheoryData<string, Func<Tensor, Tensor, Tensor>, double[], double[]> GridAndRow => new()
    {
        { "sub", (x, y) => x - y, [1, 1, 1, 1, 1, 1], [-2, -2, -2] },
        { "div", (x, y) => x / y, [0.5, 1, 0.333333, 0.5, 1, 0.333333], [-1.25, -7, -1] },
        { "pow", (x, y) => x.Pow(y), [2, 1, 27, 8, 1, 108], [22.18071, 9.433484, 416.682577] },
        { "maximum", (x, y) => x.Maximum(y), [0, 1, 0.5, 1, 1, 1], [1, 0, 0.5] },
        { "in place", (x, y) => x.Clone().MulInPlace(y), [2, 1, 3, 2, 1, 3], [5, 7, 9] },
    };

    [Theory] // 15.2
    [MemberData(nameof(GridAndRow))]
    public void A_row_is_summed_over_the_rows(string name, Func<Tensor, Tensor, Tensor> f, double[] ofGrid, double[] ofRow)
    {
        Tensor x = Grid, y = Row;
        double[][] g = Gradients(f(x, y), x, y);
        g[0].ShouldBe(ofGrid, name);
        g[1].ShouldBe(ofRow, name);
    }

    public static TheoryData<string, Func<Tensor, Tensor, Tensor>, double[], double[]> ColumnAndGrid => new()
    {
        { "sub", (x, y) => x - y, [3, 3], [-1, -1, -1, -1, -1, -1] },
        { "div", (x, y) => x / y, [1.833333, 0.616667], [-0.5, -0.125, -0.055556, -0.125, -0.08, -0.055556] },
        { "pow", (x, y) => x.Pow(y), [2.75, 304], [-0.346574, -0.173287, -0.086643, 11.090355, 22.18071, 44.36142] },
        { "maximum", (x, y) => x.Maximum(y), [0, 0], [1, 1, 1, 1, 1, 1] },
        { "where", (x, y) => Tensor.Where(Tensor.From([true, false, true]), y, x), [1, 1], [1, 0, 1, 1, 0, 1] },
    };

    [Theory] // 15.2
    [MemberData(nameof(ColumnAndGrid))]
    public void A_column_is_summed_over_the_columns(string name, Func<Tensor, Tensor, Tensor> f, double[] ofColumn, double[] ofGrid)
    {
        Tensor x = Column, y = Grid;
        double[][] g = Gradients(f(x, y), x, y);
        g[0].ShouldBe(ofColumn, name);
        g[1].ShouldBe(ofGrid, name);
    }

    [Fact] // 15.2
    public void Three_operands_broadcast_together()
    {
        Tensor x = Row, y = Grid, z = Column;
        double[][] g = Gradients(x.AddCMul(y, z, value: 2), x, y, z);
        g[0].ShouldBe([2, 2, 2]);
        g[1].ShouldBe([1, 1, 1, 4, 4, 4]);
        g[2].ShouldBe([12, 30]);
        g = Gradients(x.Lerp(y, z), x, y, z);
        g[0].ShouldBe([-0.5, -0.5, -0.5]);
        g[1].ShouldBe([0.5, 0.5, 0.5, 2, 2, 2]);
        g[2].ShouldBe([0, 9]);
    }

    [Fact] // 15.2, 15.21
    public void Batch_dimensions_of_a_matrix_product_broadcast()
    {
        Tensor x = Tensor.Arange(0, 6, dtype: DType.Float64).Reshape(1, 2, 3).Detach().RequiresGradInPlace();
        Tensor y = Tensor.Arange(0, 12, dtype: DType.Float64).Reshape(2, 3, 2).Detach().RequiresGradInPlace();
        double[][] g = Gradients(x.MatMul(y), x, y);
        g[0].ShouldBe([14, 22, 30, 14, 22, 30]);
        g[1].ShouldBe([3, 3, 5, 5, 7, 7, 3, 3, 5, 5, 7, 7]);
    }

    [Fact] // 15.3
    public void Shapes_that_do_not_fit_are_named()
    {
        var error = Should.Throw<ShapeException>(() => Tensor.Ones(2, 3) + Tensor.Ones(2, 2));
        error.Message.ShouldContain("[2, 3]");
        error.Message.ShouldContain("[2, 2]");
        Should.Throw<ShapeException>(() => Tensor.Ones(3).AddInPlace(Tensor.Ones(2, 3)));
    }

    [Fact] // 15.4
    public void Expand_sums_over_the_expanded_dimensions()
    {
        Tensor x = Column;
        Tensor y = x.Expand(4, -1, 3);
        y.Shape.ShouldBe([4, 2, 3]);
        Gradients(y, x)[0].ShouldBe([12, 12]);
    }

    [Fact] // 15.5
    public void Expand_of_a_size_that_is_neither_one_nor_the_target_is_refused()
    {
        var error = Should.Throw<ShapeException>(() => Tensor.Ones(2).Expand(3));
        error.Message.ShouldContain("[2]");
        error.Message.ShouldContain("[3]");
        Should.Throw<ShapeException>(() => Tensor.Ones(2, 3).Expand(3)).Message.ShouldContain("[2, 3]");
        Should.Throw<ShapeException>(() => Tensor.Ones(2).Expand(-1, 2));
    }
}
