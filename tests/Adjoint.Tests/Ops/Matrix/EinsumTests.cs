namespace Adjoint.Tests.Ops.Matrix;

/// <summary>Einstein sums: what an equation may say, and what is said about one that is wrong.</summary>
public class EinsumTests
{
    private static readonly Tensor A = Tensor.From([0f, 1, 2, 3, 4, 5]).View(2, 3);

    private static readonly Tensor B = Tensor.Arange(12).To(DType.Float32).View(3, 4);

    [Fact] // 15.30
    public void Numbers_stand_for_letters()
    {
        Tensor z = Tensor.Einsum([(A, [0, 1]), (B, [1, 2])], [2, 0]);
        z.Eq(A.MatMul(B).T).All().Item<bool>().ShouldBeTrue();
        Tensor.Einsum([(A, [0, Tensor.EinsumEllipsis])], [Tensor.EinsumEllipsis]).ToArray<float>().ShouldBe([3f, 5, 7]);
    }

    [Fact] // 15.30
    public void A_rearranged_operand_is_a_view()
    {
        Tensor x = Tensor.Ones([3, 3], requiresGrad: true);
        Tensor diagonal = Tensor.Einsum("ii->i", x), same = Tensor.Einsum("ij->ij", x);
        diagonal.IsView.ShouldBeTrue();
        diagonal.GradFn!.Name.ShouldBe("PermuteBackward0");
        same.ShouldNotBeSameAs(x);
        Tensor y = Tensor.Zeros(3, 3);
        Tensor.Einsum("ii->i", y).FillInPlace(2);
        y.Trace().Item<float>().ShouldBe(6);
    }

    [Theory] // 15.30
    [InlineData("i", "operand 0 has 1 letters (i), but 2 dimensions")]
    [InlineData("ijk", "operand 0 has 3 letters (ijk), but 2 dimensions")]
    [InlineData("ijk...", "operand 0 has 3 letters (ijk...)")]
    [InlineData("i1", "has '1' at place 1, in operand 0")]
    [InlineData("\tij", "has '\t' at place 0")]
    [InlineData("..i", "has '.' at place 0")]
    [InlineData("i.j", "'.' stands only in '...'")]
    [InlineData("....i", "has '.' at place 3")]
    [InlineData("...i...", "operand 0 has more than one '...'")]
    [InlineData("ij->...i...", "'...' appears more than once in the output")]
    [InlineData("ij->k", "the output names 'k', which no operand has")]
    [InlineData("ij->ii", "'i' appears more than once in the output")]
    [InlineData("ij-j", "'->' stands once")]
    [InlineData("ij>j", "'->' stands once")]
    [InlineData("i j - > j", "'->' stands once")]
    [InlineData("ij->j->i", "has '-' at place 5, in the output")]
    [InlineData("ij->j,i", "has ',' at place 5, in the output")]
    [InlineData("ij,jk", "names 2 operands, but 1 tensors were given")]
    [InlineData("ii", "'i' names two dimensions of operand 0, whose sizes 2 and 3 differ")]
    public void An_equation_that_is_wrong_says_why(string equation, string expected)
    {
        string message = Should.Throw<Exception>(() => Tensor.Einsum(equation, A)).Message;
        message.ShouldStartWith("Einsum: ");
        message.ShouldContain(expected);
    }

    [Fact] // 15.30
    public void Sizes_that_differ_are_an_error()
    {
        Should.Throw<ShapeException>(() => Tensor.Einsum("ij,jk", A, A)).Message
            .ShouldBe("Einsum: 'j' has size 2 in operand 1 (shape [2, 3]), but 3 before; sizes must be equal or 1.");
        Should.Throw<ShapeException>(() => Tensor.Einsum("...i,...i", Tensor.Ones(2, 3, 2), Tensor.Ones(4, 2))).Message
            .ShouldContain("dimension -1 under '...' has size 4 in operand 1");
        Should.Throw<ShapeException>(() => Tensor.Einsum("ii", Tensor.Ones(1, 3))).Message.ShouldContain("sizes 1 and 3 differ");
        Should.Throw<ArgumentException>(() => Tensor.Einsum("ij", A, B)).Message
            .ShouldContain("names 1 operands, but 2 tensors were given");
        Should.Throw<ArgumentException>(() => Tensor.Einsum("ij")).Message.ShouldContain("0 tensors were given");
        Should.Throw<ArgumentException>(() => Tensor.Einsum([(A, [0, 52])])).Message.ShouldContain("label 52 is out of range");
    }

    [Fact] // 15.18, 15.30
    public void Dtypes_are_promoted_where_nothing_is_summed()
    {
        Tensor wide = A.To(DType.Float64);
        Tensor.Einsum("ij,ij->ij", A, wide).DType.ShouldBe(DType.Float64);
        Should.Throw<DTypeException>(() => Tensor.Einsum("ij,jk", wide, B)).Message.ShouldContain("Convert with To(DType.Float64)");
        Should.Throw<DTypeException>(() => Tensor.Einsum("ij,ij->i", A > 1, A > 1)).Message.ShouldContain("Bool");
        Tensor.Einsum("ij,ij->ij", A > 1, A > 1).DType.ShouldBe(DType.Bool);
        Tensor.Einsum("ij->j", A > 1).ToArray<long>().ShouldBe([1, 1, 2]);
    }

    [Fact] // 15.30
    public void Gradients_tangents_and_second_derivatives_agree_with_finite_differences()
    {
        Rng.ManualSeed(3);
        Tensor x = Tensor.Randn([2, 3, 3], DType.Float64, requiresGrad: true);
        Tensor y = Tensor.Randn([3, 1, 4], DType.Float64, requiresGrad: true);
        Tensor z = Tensor.Randn([5, 2, 4], DType.Float64, requiresGrad: true);
        static IReadOnlyList<Tensor> F(IReadOnlyList<Tensor> v) =>
            [Tensor.Einsum("bii,i...k,cbk->c...", v[0], v[1], v[2])];
        GradCheck.Run(F, [x, y, z]).ShouldBeTrue();
        GradCheck.RunSecondOrder(F, [x, y, z]).ShouldBeTrue();
    }

    [Fact] // 15.30
    public void Digits_of_large_integers_are_kept()
    {
        Tensor x = Tensor.From([(1L << 60) + 1, 3L]);
        Tensor.Einsum("i,i->", x, Tensor.From([1L, 0L])).Item<long>().ShouldBe((1L << 60) + 1);
        Tensor.Einsum("i->", x).Item<long>().ShouldBe((1L << 60) + 4);
    }
}
