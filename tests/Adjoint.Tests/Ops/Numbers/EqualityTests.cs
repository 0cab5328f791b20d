#pragma warning disable ADJ0002 // objects are compared on purpose
namespace Adjoint.Tests.Ops.Numbers;

/// <summary>See Note [Equality of tensors].</summary>
public class EqualityTests
{
    private static readonly Tensor X = Tensor.From([1.0, 2, 3]), Y = Tensor.From([1.0, 0, 3]);

    [Fact] // F6
    public void Two_equals_signs_compare_element_by_element()
    {
        (X == Y).ToArray<bool>().ShouldBe([true, false, true]);
        (X != Y).ToArray<bool>().ShouldBe([false, true, false]);
        ((X > 1) == (Y > 1)).ToArray<bool>().ShouldBe([true, false, true]);
        (X == 2).ToArray<bool>().ShouldBe([false, true, false]);
        (2.0 == X).ToArray<bool>().ShouldBe([false, true, false]);
        (X == X.Clone()).All().Item<bool>().ShouldBeTrue();
        Should.Throw<ShapeException>(() => X == Tensor.Ones(2));
    }

    [Fact]
    public void Null_is_asked_for_as_everywhere()
    {
        Tensor? none = null;
        (X == null).ShouldBeFalse();
        (null == X).ShouldBeFalse();
        (X != null).ShouldBeTrue();
        (none == null).ShouldBeTrue();
        (none != null).ShouldBeFalse();
        (X == default).ShouldBeFalse();
        (X is null).ShouldBeFalse();
        (none ?? X).ShouldBeSameAs(X);
    }

    [Fact]
    public void Collections_know_a_tensor_by_its_identity()
    {
        Tensor copy = X.Clone();
        var names = new Dictionary<Tensor, string> { [X] = "x", [copy] = "copy" };
        (names[X], names[copy]).ShouldBe(("x", "copy"));
        new HashSet<Tensor> { X, X, copy }.Count.ShouldBe(2);
        new List<Tensor> { copy, X }.IndexOf(X).ShouldBe(1);
        X.Equals(X).ShouldBeTrue();
        X.Equals(copy).ShouldBeFalse();
        Assert.Equal(X, X);
        Assert.Same(X, X);
        (X, 1).Equals((X, 1)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("if (x == y) { }", "CS0266")]
    [InlineData("bool same = x == y;", "CS0266")]
    [InlineData("while (x != y) { }", "CS0266")]
    [InlineData("bool b = new List<Tensor>().Exists(t => t == x);", "CS0266,CS1662")]
    [InlineData("if (x == null || y != null) { }", "")]
    [InlineData("if (n == null) return; _ = n.Shape;", "")]
    [InlineData("if (n != null) _ = n.Shape;", "")]
    [InlineData("if (ReferenceEquals(x, y)) { }", "")]
    [InlineData("if ((bool)(x == y).All()) { }", "")]
    [InlineData("_ = x == n;", "CS8604")]
    public void Who_means_one_answer_is_told_by_the_compiler(string statement, string said) =>
        string.Join(',', Snippets.Diagnostics(statement)).ShouldBe(said);
}
