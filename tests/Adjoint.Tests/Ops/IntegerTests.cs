namespace Adjoint.Tests.Ops;

/// <summary>Integers stay exact: Int64 has more digits than a double.</summary>
public class IntegerTests
{
    private const long Large = (1L << 60) + 1;

    private static Tensor X => Tensor.From([Large, -Large, 3, 0]);

    private static long[] Values(Tensor x) => x.ToArray<long>();

    [Fact] // 15.12
    public void Functions_of_one_integer_keep_every_digit()
    {
        Values(X.Abs()).ShouldBe([Large, Large, 3, 0]);
        Values(-X).ShouldBe([-Large, Large, -3, 0]);
        Values(X.Sign()).ShouldBe([1, -1, 1, 0]);
        Values(X.Relu()).ShouldBe([Large, 0, 3, 0]);
        Values(X.Clamp(min: 0)).ShouldBe([Large, 0, 3, 0]);
        Values(X.ClampMax(5)).ShouldBe([5, -Large, 3, 0]);
        foreach (Tensor same in new[] { X.Floor(), X.Ceil(), X.Round(), X.Trunc(), X.Pow(1) }) Values(same).ShouldBe(Values(X));
        Values(Tensor.From([(1L << 31) + 1]).Square()).ShouldBe([(1L << 62) + (1L << 32) + 1]);
        Values(X.Clone().NegInPlace()).ShouldBe([-Large, Large, -3, 0]);
    }

    [Fact] // 15.15
    public void Powers_and_remainders_of_integers_keep_every_digit()
    {
        Values(Tensor.From([3L, -3]).Pow(39)).ShouldBe([4052555153018976267, -4052555153018976267]);
        Values(Tensor.From([2L, -1, 5, -1]).Pow(Tensor.From([62L, -3, -1, -2]))).ShouldBe([1L << 62, -1, 0, 1]);
        Values(X.Remainder(10)).ShouldBe([7, 3, 3, 0]);
        Values(X.Fmod(10)).ShouldBe([7, -7, 3, 0]);
        Values(X.Remainder(Tensor.From([-10L]))).ShouldBe([-3, -7, -7, 0]);
        Values(Tensor.From([long.MinValue]).Fmod(-1)).ShouldBe([0]);
        Tensor.From([1.0]).Remainder(0).Item<double>().ShouldBe(double.NaN);
    }

    [Fact]
    public void Bytes_wrap_around()
    {
        Tensor x = Tensor.From(new byte[] { 3, 200 });
        (-x).ToArray<byte>().ShouldBe([253, 56]);
        x.Abs().ToArray<byte>().ShouldBe([3, 200]);
        x.Square().ToArray<byte>().ShouldBe([9, 64]);
        x.Sign().ToArray<byte>().ShouldBe([1, 1]);
        x.Clamp(4, 100).ToArray<byte>().ShouldBe([4, 100]);
    }

    /// <summary>Long enough for whole registers and their tails.</summary>
    [Fact]
    public void Long_arrays_have_the_values_of_short_ones()
    {
        long[] values = [.. Enumerable.Range(0, 37).Select(i => (i % 2 == 0 ? 1L : -1L) * ((1L << 60) + i))];
        Tensor x = Tensor.From(values);
        Values(x.Abs()).ShouldBe([.. values.Select(Math.Abs)]);
        Values(x.Trunc()).ShouldBe(values);
        Values(x.Sign()).ShouldBe([.. values.Select(v => (long)Math.Sign(v))]);
        Tensor y = x.To(DType.Int32);
        (-y).ToArray<int>().ShouldBe([.. y.ToArray<int>().Select(v => -v)]);
    }

    [Fact] // 15.12, 5.36
    public void A_number_that_is_no_integer_makes_the_result_floating_point()
    {
        Tensor x = Tensor.From([-7L, 7]);
        x.Clamp(max: 1.5).DType.ShouldBe(DType.Float32);
        x.Clamp(max: 1.5).ToArray<float>().ShouldBe([-7, 1.5f]);
        x.Remainder(2.5).ToArray<float>().ShouldBe([0.5f, 2]);
        x.Remainder(2).DType.ShouldBe(DType.Int64);
        Should.Throw<DTypeException>(() => x.ClampMaxInPlace(1.5)).Message.ShouldContain("cannot be stored in place");
        Values(x).ShouldBe([-7, 7]);
    }

    [Fact] // 15.12
    public void Bools_are_not_subtracted_or_negated()
    {
        Tensor b = Tensor.From([true, false]), i = Tensor.From([1L, 2]);
        foreach (Func<Tensor> wrong in new Func<Tensor>[]
        {
            () => -b, () => b - b, () => b - 1, () => 1 - b, () => i - b, () => i.SubInPlace(b), b.Abs, b.Floor, b.Relu, b.NegInPlace,
        })
            Should.Throw<DTypeException>(wrong).Message.ShouldContain("Bool");
        b.Square().ToArray<long>().ShouldBe([1, 0]);
        (b * b).DType.ShouldBe(DType.Bool);
        (b + 1).ToArray<long>().ShouldBe([2, 1]);
    }
}
