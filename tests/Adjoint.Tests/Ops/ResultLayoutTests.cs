namespace Adjoint.Tests.Ops;

/// <summary>
/// Results of element-wise operations lie in memory as PyTorch's do, and hold what contiguous operands give. See Note [Results lie as their
/// operands do].
/// </summary>
public sealed class ResultLayoutTests
{
    private static Tensor Cube => (Tensor.Arange(0, 24, dtype: DType.Float32) * 0.1 + 0.05).Reshape(2, 3, 4);

    /// <summary>Views, and the strides of what PyTorch 1.13 makes of them: <c>x.exp().stride()</c>.</summary>
    public static TheoryData<string, int[]> Unaries => new()
    {
        { "contiguous", [12, 4, 1] },
        { "permuted 201", [1, 12, 4] },
        { "permuted 120", [4, 1, 12] },
        { "transposed 02", [1, 2, 6] },
        { "every second", [6, 2, 1] },
        { "permuted slice", [1, 2, 6] },
        { "expanded", [12, 4, 1] },
    };

    [Theory, MemberData(nameof(Unaries))]
    public void Unary_results_lie_as_the_operand(string view, int[] strides)
    {
        Tensor x = View(Cube, view), y = x.Exp(), one = x + 1, relation = x > 1;
        y.Strides.ToArray().ShouldBe(strides);
        one.Strides.ToArray().ShouldBe(strides);
        relation.Strides.ToArray().ShouldBe(strides);
        y.ElementsEqual(x.Contiguous().Exp()).ShouldBeTrue();
        one.ElementsEqual(x.Contiguous() + 1).ShouldBeTrue();
        relation.ElementsEqual(x.Contiguous() > 1).ShouldBeTrue();
        Tensor z = x.Clone();
        z.ExpInPlace();
        z.ElementsEqual(y).ShouldBeTrue();
        if (view == "expanded") return;
        Tensor inPlace = View(Cube, view);
        inPlace.ExpInPlace();
        inPlace.ElementsEqual(y).ShouldBeTrue();
        inPlace = View(Cube, view);
        inPlace.AddInPlace(y);
        inPlace.ElementsEqual(x + y).ShouldBeTrue();
    }

    /// <summary>The first operand decides, and the second where the first is repeated.</summary>
    [Fact]
    public void Binary_results_lie_as_the_first_operand()
    {
        Tensor x = (Tensor.Arange(0, 12, dtype: DType.Float32) + 1).Reshape(3, 4),
            y = (Tensor.Arange(0, 12, dtype: DType.Float32) + 2).Reshape(4, 3), row = Tensor.Arange(0, 3, dtype: DType.Float32);
        Check(x.T + y, [1, 4], x.T.Contiguous() + y);
        Check(y + x.T, [3, 1], y + x.T.Contiguous());
        Check(x.T + x.T, [1, 4], x.T.Contiguous() * 2);
        Check(x.T * row, [1, 4], x.T.Contiguous() * row);
        Check(row * x.T, [1, 4], x.T.Contiguous() * row);
        Check(x.T / 2, [1, 4], x.T.Contiguous() / 2);
        Check((2 - x.T), [1, 4], 2 - x.T.Contiguous());

        static void Check(Tensor z, int[] strides, Tensor expected)
        {
            z.Strides.ToArray().ShouldBe(strides);
            z.ElementsEqual(expected).ShouldBeTrue();
        }
    }

    [Theory, MemberData(nameof(Unaries))]
    public void Gradients_are_those_of_contiguous_operands(string view, int[] strides)
    {
        strides.Length.ShouldBe(3);
        foreach (
            Func<Tensor, Tensor, Tensor> f in new Func<Tensor, Tensor, Tensor>[] { (a, b) => a.Tanh() * b, (a, b) => a / b,
                (a, b) => (a * 2).Sigmoid() + b.Pow(a) })
        {
            Tensor x = Cube.RequiresGradInPlace(), y = (Cube * 0.5 + 1).RequiresGradInPlace(), u = Cube.RequiresGradInPlace(),
                v = (Cube * 0.5 + 1).RequiresGradInPlace();
            Tensor weights = View(Cube, view) * 0.3;
            (f(View(x, view), View(y, view)) * weights).Sum().Backward();
            (f(View(u, view).Contiguous(), View(v, view).Contiguous()) * weights.Contiguous()).Sum().Backward();
            x.Grad!.ElementsEqual(u.Grad!).ShouldBeTrue();
            y.Grad!.ElementsEqual(v.Grad!).ShouldBeTrue();
        }
    }

    private static Tensor View(Tensor x, string view) => view switch
    {
        "permuted 201" => x.Permute(2, 0, 1),
        "permuted 120" => x.Permute(1, 2, 0),
        "transposed 02" => x.Reshape(4, 3, 2).Transpose(0, 2),
        "every second" => x.Slice(2, 0, null, 2),
        "permuted slice" => x.Reshape(4, 3, 2).Slice(0, 0, null, 2).Transpose(0, 2),
        "expanded" => x[..1].Expand(2, 3, 4),
        _ => x,
    };
}
