namespace Adjoint.Tests.Ops;

/// <summary>
/// No integer goes through a double (or a float) on its way: what holds for small numbers holds for those that no double is. Every row of
/// the table of operations that takes integers obeys one of a few laws, which is found with small numbers and then demanded of large ones.
/// </summary>
public class WholeNumberTests
{
    /// <summary>What y does when all x go from x to c·x, or to x + c, in arithmetic that wraps around.</summary>
    private static readonly (string Name, Func<long, long, long> Input, Func<long, long, long> Output)[] s_laws =
    [
        ("invariant under shifts", (x, c) => x + c, (y, _) => y),
        ("shifted with x", (x, c) => x + c, (y, c) => y + c),
        .. Enumerable.Range(0, 25)
        .Select(degree =>
            ($"homogeneous of degree {degree}", (Func<long, long, long>)((x, c) => x * c),
                (Func<long, long, long>)((y, c) => y * Power(c, degree)))),
    ];

    public static TheoryData<string> Names => [.. OpTable.All.Select(op => op.Name)];

    /// <summary>Rows that compare with a constant, take a fraction, turn bits, or add to squares: no law says anything of them.</summary>
    private static readonly string[] s_lawless =
        ["clamp", "clamp_max", "clamp_min", "threshold", "cumprod", "cumprod_zeros", "relu6", "hardtanh", "index_put", "index_fill",
            "masked_fill", "scatter_value", "addcmul",
        "pow", "index_add", "lerp_tensor", "unbind", "split", "chunk", "tensor_split",
        "tensor_split_indices", "hsplit", "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not", "bitwise_left_shift",
        "bitwise_right_shift", "bincount", "scatter_reduce_prod", "index_reduce", "vander",
        "conv2d", "conv2d_depthwise", "conv_transpose2d",
        // They say that they compute in doubles.
        "float_power", "sum_dtype", "prod_dtype"];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_holds_for_small_integers_holds_for_large_ones(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        foreach ((DType dtype, long step) in new[] { (DType.Int64, (1L << 53) + 1), (DType.Int32, (1L << 24) + 1) })
        {
            if (Of(op, dtype, (x, _) => x, 1) is not { } plain) return;
            var laws = s_laws.Where(law => Obeys(op, dtype, plain, law, 3) && Obeys(op, dtype, plain, law, 64)).ToArray();
            if (laws.Length == 0 && s_lawless.Contains(name)) return;
            laws.ShouldNotBeEmpty($"{name} of {dtype} obeys no law; add one, or say why not");
            foreach (var law in laws)
                Obeys(op, dtype, plain, law, step).ShouldBeTrue($"{name} of {dtype} is {law.Name} for small numbers, but not for {step}");
        }
    }

    private static bool Obeys(
        Op op, DType dtype, Tensor plain, (string Name, Func<long, long, long> Input, Func<long, long, long> Output) law, long c)
    {
        if (Of(op, dtype, law.Input, c) is not { } moved || !moved.Shape.Equals(plain.Shape)) return false;
        long[] ours = moved.ToArray<long>(), before = plain.ToArray<long>();
        bool narrow = plain.DType == DType.Int32;
        for (int i = 0; i < ours.Length; i++)
        {
            long expected = law.Output(before[i], c);
            if (ours[i] != (narrow ? (int)expected : expected)) return false;
        }
        return true;
    }

    /// <summary>The row's value, of integers, or null where it takes none or makes reals of them.</summary>
    private static Tensor? Of(Op op, DType dtype, Func<long, long, long> move, long c)
    {
        Tensor[] inputs = [.. op.Inputs.Select((input, k) => Integers(input.Shape, k, dtype, x => move(x, c)))];
        try
        {
            Tensor y = op.Apply(inputs);
            return y.DType.IsFloatingPoint ? null : y;
        }
        catch (Exception error) when (Refusals.IsMeant(error))
        {
            return null;
        }
    }

    private static Tensor Integers(Shape shape, int seed, DType dtype, Func<long, long> move)
    {
        long[] values = [.. Enumerable.Range(0, shape.NumEl).Select(i => move(1 + (7L * i + 3 * seed) % 11))];
        return dtype == DType.Int64 ? Tensor.From(values, shape) : Tensor.From(Array.ConvertAll(values, x => (int)x), shape);
    }

    private static long Power(long x, int n)
    {
        long y = 1;
        for (int i = 0; i < n; i++) y *= x;
        return y;
    }

    [Fact]
    public void Places_of_equal_and_of_frequent_numbers_are_told_apart_beyond_double()
    {
        const long big = 1L << 53;
        Tensor x = Tensor.From([big + 1, big, big + 1, big, big]);
        x.Mode().Values.Item<long>().ShouldBe(big);
        x.Sort().Indices.ToArray<long>().ShouldBe([1, 3, 4, 0, 2]);
        x.Median(0).Values.Item<long>().ShouldBe(big);
        x.KthValue(4, 0).Values.Item<long>().ShouldBe(big + 1);
        x.CumMax(0).Indices.ToArray<long>().ShouldBe([0, 0, 2, 2, 2]);
        x.Max().Item<long>().ShouldBe(big + 1);
        x.Eq(Tensor.From([big])).ToArray<bool>().ShouldBe([false, true, false, true, true]);
        x.Sum().Item<long>().ShouldBe(5 * big + 2);
        x.Fmod(Tensor.From([big])).ToArray<long>().ShouldBe([1, 0, 1, 0, 0]);
        x.Clamp(Tensor.From([big + 1]), Tensor.From([big + 2])).ToArray<long>().ShouldAllBe(v => v == big + 1);
        Tensor.Arange(big, big + 4).ToArray<long>().ShouldBe([big, big + 1, big + 2, big + 3]);
        x.To(DType.Int32).ToArray<int>().ShouldBe([1, 0, 1, 0, 0]);
        $"{x[0]}".ShouldContain("9007199254740993");
    }

    [Fact]
    public void Factors_leave_integers_integers()
    {
        long[] odd = [16_777_217, (1L << 53) + 1];
        Tensor x = Tensor.From(odd), matrix = x.Reshape(2, 1);
        Tensor.Zeros([2], DType.Int64).IndexAdd(0, Tensor.From([0L, 1]), x, alpha: 3).ToArray<long>().ShouldBe([3 * odd[0], 3 * odd[1]]);
        Tensor.Zeros([2, 1], DType.Int64).AddMm(matrix, Tensor.Ones([1, 1], DType.Int64), alpha: 3).ToArray<long>()
            .ShouldBe([3 * odd[0], 3 * odd[1]]);
        x.Add(x, 2).ToArray<long>().ShouldBe([3 * odd[0], 3 * odd[1]]);
        Should.Throw<DTypeException>(() => x.Mean());
        Should.Throw<DTypeException>(() => x.Var());
    }

    [Fact]
    public void A_table_of_integers_is_looked_up_as_it_is()
    {
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            Tensor table = Tensor.Arange(0, 6, dtype: DType.Int64).To(dtype).Reshape(3, 2);
            Adjoint.Nn.F.Embedding(Tensor.From([2L, 0]), table).ToArray<long>()
                .ShouldBe(table.IndexSelect(0, Tensor.From([2L, 0])).ToArray<long>());
        }
    }

    [Fact]
    public void A_padding_row_is_counted_from_the_end_or_refused()
    {
        Tensor weight = Tensor.Ones([4, 2], DType.Float64, requiresGrad: true);
        Adjoint.Nn.F.Embedding(Tensor.From([0L, 3, 3]), weight, paddingIdx: -1).Sum().Backward();
        weight.Grad!.ToArray<double>().ShouldBe([1, 1, 0, 0, 0, 0, 0, 0]);
        foreach (int index in new[] { -9, -5, 4, 10, int.MinValue, int.MaxValue })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => Adjoint.Nn.F.Embedding(Tensor.From([0L]), weight, paddingIdx: index));
            Should.Throw<ArgumentOutOfRangeException>(() => new Adjoint.Nn.Embedding(4, 2, paddingIdx: index));
        }
    }
}
