namespace Adjoint.Tests.Ops.LinearAlgebra;

/// <summary>Distances of many rows, which have a kernel of their own, are those of few rows, which are norms of differences.</summary>
public class DistanceTests
{
    public static MatrixTheoryData<double, DType> Orders =>
        new([0, 0.5, 1, 1.5, 2, 3, double.PositiveInfinity], [DType.Float64, DType.Float32]);

    [Theory, MemberData(nameof(Orders))]
    public void Many_rows_are_like_few(double p, DType dtype)
    {
        Tensor x = Tensor.Randn([2, 70, 9], DType.Float64, generator: new Generator(1)).To(dtype).RequiresGradInPlace();
        Tensor y = Tensor.Randn([90, 9], DType.Float64, generator: new Generator(2)).To(dtype).RequiresGradInPlace();
        Tensor z = x.CDist(y, p), same = (x.Unsqueeze(-2) - y.Unsqueeze(-3)).Norm(p, [-1]);
        z.GradFn!.Name.ShouldBe("CdistBackward0");
        double tolerance = dtype == DType.Float64 ? 1e-12 : 2e-5;
        Close(z, same);
        Tensor g = Tensor.Randn(z.Shape, DType.Float64, generator: new Generator(3)).To(dtype);
        foreach (bool recorded in new[] { false, true })
        {
            Tensor?[] ours = Autograd.Grad([z], [x, y], [g], retainGraph: true, createGraph: recorded, allowUnused: true);
            Tensor?[] theirs = Autograd.Grad([same], [x, y], [g], retainGraph: true, createGraph: recorded, allowUnused: true);
            for (int i = 0; i < 2; i++) Close(ours[i]!, theirs[i] ?? ours[i]!.ZerosLike());
            if (!recorded || p is 0 or 1) continue;
            Tensor?[] second = Autograd.Grad([ours[0]!.Square().Sum()], [x, y], retainGraph: true, allowUnused: true);
            Tensor?[] expected = Autograd.Grad([theirs[0]!.Square().Sum()], [x, y], retainGraph: true, allowUnused: true);
            for (int i = 0; i < 2 && second[i] is not null; i++) Close(second[i]!, expected[i]!);
        }

        void Close(Tensor a, Tensor b)
        {
            a.Shape.ShouldBe(b.Shape);
            double scale = 1 + b.Abs().Max().Item();
            ((double)(a - b).Abs().Max().Item()).ShouldBeLessThanOrEqualTo(tolerance * 10 * scale);
        }
    }

    [Theory, InlineData(0.5), InlineData(1), InlineData(2), InlineData(3), InlineData(double.PositiveInfinity)]
    public void Pairs_of_many_rows_are_the_upper_triangle(double p)
    {
        Tensor x = Tensor.Randn([40, 101], DType.Float64, generator: new Generator(1)).RequiresGradInPlace();
        Tensor z = x.PDist(p);
        z.GradFn!.Name.ShouldBe("PdistBackward0");
        var upper = new List<Tensor>();
        for (int i = 0; i < 39; i++) upper.Add((x[i] - x[(i + 1)..]).Norm(p, [-1]));
        Tensor same = Tensor.Cat(upper);
        z.Shape.ShouldBe(same.Shape);
        ((double)(z - same).Abs().Max().Item()).ShouldBeLessThan(1e-10 * (double)same.Abs().Max().Item());
        Tensor g = Tensor.Randn(z.Shape, DType.Float64, generator: new Generator(2));
        Tensor ours = Autograd.Grad([z], [x], [g], retainGraph: true)[0]!;
        Tensor theirs = Autograd.Grad([same], [x], [g], retainGraph: true)[0]!;
        ((double)(ours - theirs).Abs().Max().Item()).ShouldBeLessThan(1e-10 * (1 + (double)theirs.Abs().Max().Item()));
        ours = Autograd.Grad([z], [x], [g], createGraph: true)[0]!;
        ((double)(ours - theirs).Abs().Max().Item()).ShouldBeLessThan(1e-10 * (1 + (double)theirs.Abs().Max().Item()));
        if (p == 1) return;
        theirs = Autograd.Grad([same], [x], [g], createGraph: true)[0]!;
        Tensor second = Autograd.Grad([ours.Square().Sum()], [x])[0]!, expected = Autograd.Grad([theirs.Square().Sum()], [x])[0]!;
        ((double)(second - expected).Abs().Max().Item()).ShouldBeLessThan(1e-9 * (1 + (double)expected.Abs().Max().Item()));
    }

    /// <summary>Each pair is computed once, with the bits of those of all rows with all; forward mode has the numbers of reverse.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void Pairs_have_the_bits_of_distances_of_all(bool isSingle)
    {
        DType dtype = isSingle ? DType.Float32 : DType.Float64;
        Tensor x = (Tensor.Randn([45, 83], DType.Float64, generator: new Generator(4)) * 3).To(dtype);
        // Far out, so that the squares would be lost, and two that are the same.
        x[3] = x[3] * (isSingle ? 1e25 : 1e200);
        x[7] = x[7] * (isSingle ? 1e-30 : 1e-200);
        x[8] = x[7] * 2;
        x[20] = x[21];
        x = x.RequiresGradInPlace();
        Tensor pairs = x.PDist(), all = x.CDist(x);
        int at = 0;
        for (int i = 0; i < 45; at += 44 - i, i++)
            (pairs[at..(at + 44 - i)].Eq(all[i, (i + 1)..])).All().Item<bool>().ShouldBeTrue($"row {i}");
        Tensor g = Tensor.Randn(pairs.Shape, DType.Float64, generator: new Generator(5)).To(dtype), whole = Tensor.Zeros([45, 45], dtype);
        at = 0;
        for (int i = 0; i < 45; at += 44 - i, i++) whole[i, (i + 1)..] = g[at..(at + 44 - i)];
        Tensor ours = Autograd.Grad([pairs], [x], [g])[0]!, theirs = Autograd.Grad([all], [x], [whole])[0]!;
        ours.Eq(theirs).All().Item<bool>().ShouldBeTrue();
        Tensor tangent = Tensor.Randn(x.Shape, DType.Float64, generator: new Generator(6)).To(dtype);
        if (isSingle) return;
        Tensor near = Tensor.Randn([45, 83], DType.Float64, generator: new Generator(7));
        Tensor forward = Transforms.Jvp(v => v.PDist(), near, tangent).Jvp;
        Tensor leaf = near.RequiresGradInPlace(), reverse = Autograd.Grad([leaf.PDist()], [leaf], [g])[0]!;
        ((double)(forward * g).Sum().Item()).ShouldBe((double)(reverse * tangent).Sum().Item(), 1e-9);
    }

    /// <summary>Rows that are the same have no slope, numbers whose squares overflow have a distance, and NaN stays.</summary>
    [Fact]
    public void Extremes_are_like_those_of_few_rows()
    {
        Tensor x = Tensor.Ones([300, 3], DType.Float64).RequiresGradInPlace(), y = Tensor.Ones([300, 3], DType.Float64);
        foreach (double p in new[] { 0, 0.5, 1, 2, 3, double.PositiveInfinity })
        {
            x.Grad = null;
            Tensor z = x.CDist(y, p);
            z.Sum().Backward();
            z.Abs().Max().Item().ShouldBe(0);
            x.Grad!.ToArray<double>().ShouldAllBe(g => g == 0);
        }
        foreach (double size in new[] { 1e200, 1e-200 })
        {
            Tensor far = Tensor.Zeros([300, 3], DType.Float64), z = (y * size).CDist(far);
            z[0, 0].Item().ShouldBe(Math.Sqrt(3) * size, 1e-12 * size);
        }
        Tensor odd = Tensor.Ones([300, 3], DType.Float64);
        odd[0, 0] = double.NaN;
        odd[1, 1] = double.PositiveInfinity;
        foreach (double p in new[] { 1.0, 2, 3, double.PositiveInfinity })
        {
            Tensor z = odd.CDist(y, p);
            (z[0, 5].Item(), z[1, 5].Item(), z[2, 5].Item()).ShouldBe((double.NaN, double.PositiveInfinity, 0));
        }
    }
}
