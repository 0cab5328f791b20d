using Adjoint.Nn;

namespace Adjoint.Tests.Nn;

/// <summary>
/// The loss over all ways to place labels, which is one operation: beside the sum over all ways one by one, and beside the same said in
/// operations on tensors, with derivatives of any order.
/// </summary>
public class CtcTests
{
    private sealed record Batch(Tensor X, Tensor Labels, Tensor Lengths, Tensor Sizes, int Blank);

    // Labels that repeat, fewer steps than T, no labels, too many of them, no steps.
    private static Batch Of(int seed, DType dtype = DType.Float64)
    {
        var random = new System.Random(seed);
        int steps = random.Next(1, 8), batch = random.Next(1, 5), classes = random.Next(2, 5), most = random.Next(0, 5);
        int blank = random.Next(classes);
        long[] lengths = [.. Enumerable.Range(0, batch).Select(_ => (long)random.Next(random.Next(4) == 0 ? 0 : steps, steps + 1))];
        long[] sizes = [.. Enumerable.Range(0, batch).Select(_ => (long)random.Next(0, most + 1))];
        long[] labels = [.. Enumerable.Range(0, batch * most).Select(_ => (long)((blank + random.Next(1, classes)) % classes))];
        double[] numbers = [.. Enumerable.Range(0, steps * batch * classes).Select(_ => 4 * random.NextDouble() - 2)];
        Tensor x = Tensor.From(numbers, [steps, batch, classes]).LogSoftmax(2).To(dtype);
        return new Batch(x, Tensor.From(labels, [batch, most]), Tensor.From(lengths), Tensor.From(sizes), blank);
    }

    private static Tensor Loss(Batch b, Tensor x, bool zero = true) =>
        F.CtcLoss(x, b.Labels, b.Lengths, b.Sizes, b.Blank, Adjoint.Nn.Reduction.None, zero);

    private static Tensor Composed(Batch b, Tensor x, bool zero = true) =>
        CtcAlignment.Of(x, b.Labels, b.Lengths, b.Sizes, b.Blank).Composed(x, zero);

    private static Tensor Weights(Batch b) => (Tensor.Arange(b.X.Shape[1]).To(b.X.DType) + 1.0).Cos();

    /// <summary>Σ Π p over all sequences of classes whose labels, repetitions and blanks left out, are the target.</summary>
    private static double Likelihood(Batch b, int n)
    {
        int length = (int)b.Lengths[n].Item(), size = (int)b.Sizes[n].Item(), classes = b.X.Shape[2];
        long[] target = [.. Enumerable.Range(0, size).Select(s => b.Labels[n, s].Item<long>())];
        double[] p = b.X.Select(1, n).Exp().ToArray<double>();
        double sum = 0;
        for (int way = 0; way < (int)Math.Pow(classes, length); way++)
        {
            long last = -1;
            double product = 1;
            List<long> read = [];
            for (int t = 0, rest = way; t < length; t++, rest /= classes)
            {
                int label = rest % classes;
                product *= p[t * classes + label];
                if (label != last && label != b.Blank) read.Add(label);
                last = label;
            }
            if (read.SequenceEqual(target)) sum += product;
        }
        return sum;
    }

    [Fact]
    public void It_is_the_logarithm_of_the_sum_over_all_ways()
    {
        int possible = 0, impossible = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            Batch b = Of(seed);
            Tensor loss = Loss(b, b.X, zero: false), zeroed = Loss(b, b.X);
            for (int n = 0; n < loss.NumEl; n++)
            {
                double likelihood = Likelihood(b, n);
                if (likelihood == 0) impossible++;
                else possible++;
                if (likelihood == 0) loss[n].Item().ShouldBe(double.PositiveInfinity, $"seed {seed}, sequence {n}");
                else loss[n].Item().ShouldBe(-Math.Log(likelihood), 1e-12, $"seed {seed}, sequence {n}");
                zeroed[n].Item().ShouldBe(likelihood == 0 ? 0 : -Math.Log(likelihood), 1e-12);
            }
        }
        possible.ShouldBeGreaterThan(50);
        impossible.ShouldBeGreaterThan(15);
    }

    [Theory]
    [InlineData(DType.Float64, 1e-12), InlineData(DType.Float32, 2e-5)]
    public void Values_and_gradients_are_those_of_operations_on_tensors(DType dtype, double slack)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Batch b = Of(seed, dtype);
            Tensor x = b.X.Clone().RequiresGradInPlace(), y = b.X.Clone().RequiresGradInPlace();
            Tensor one = Loss(b, x), other = Composed(b, y);
            one.GradFn!.Name.ShouldBe("CtcLossBackward0");
            one.ToArray().ShouldBe(other.ToArray(), $"seed {seed}");
            Loss(b, b.X).ToArray().ShouldBe(one.ToArray(), "what keeps nothing gives the same bits");
            (one * Weights(b)).Sum().Backward();
            (other * Weights(b)).Sum().Backward();
            Near(x.Grad!, y.Grad!, slack, seed);
        }
    }

    [Fact]
    public void Second_derivatives_and_tangents_are_those_of_operations_on_tensors()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Batch b = Of(seed);
            Tensor v = Tensor.Arange(b.X.NumEl).To(DType.Float64).Sin().Reshape(b.X.Shape);
            Tensor One(Tensor x) => (Loss(b, x) * Weights(b)).Sum();
            Tensor Other(Tensor x) => (Composed(b, x) * Weights(b)).Sum();
            (Func<Func<Tensor, Tensor>, Tensor> Product, string Name)[] ways =
            [
                (f => Transforms.Vhp(xs => f(xs[0]), [b.X], [v]).Products[0], "reverse over reverse"),
                (f => Transforms.Hvp(xs => f(xs[0]), [b.X], [v]).Products[0], "forward over reverse"),
                (f => Transforms.Jvp(xs => [f(xs[0])], [b.X], [v]).Products[0], "forward"),
            ];
            foreach (var (product, name) in ways) Near(product(One), product(Other), 1e-11, seed, name);
        }
    }

    [Fact]
    public void Derivatives_are_differences()
    {
        Batch b = Of(3);
        GradCheck.Run(x => Loss(b, x.LogSoftmax(2)), b.X.Clone().RequiresGradInPlace()).ShouldBeTrue();
    }

    [Fact]
    public void What_it_keeps_must_not_change_and_is_freed()
    {
        Batch b = Of(1);
        Tensor x = b.X.Clone().RequiresGradInPlace(), seen = x * 1, loss = Loss(b, seen).Sum();
        seen.MulInPlace(2);
        Should.Throw<VersionException>(() => loss.Backward());
        loss = Loss(b, x).Sum();
        loss.Backward(retainGraph: true);
        double[] once = x.Grad!.ToArray();
        loss.Backward();
        x.Grad!.ToArray().ShouldBe([.. once.Select(g => 2 * g)]);
        Should.Throw<AutogradException>(() => loss.Backward()).Message.ShouldContain("freed");
    }

    [Fact]
    public void A_label_that_is_no_class_is_refused()
    {
        Tensor x = Tensor.Zeros(4, 1, 3).LogSoftmax(2), one = Tensor.From([1L]);
        foreach (long label in (long[])[3, -1])
            Should.Throw<TensorIndexException>(() => F.CtcLoss(x, Tensor.From([label], [1, 1]), Tensor.From([4L]), one)).Message
                .ShouldStartWith($"CtcLoss: label {label} is out of bounds; there are 3 classes");
    }

    [Fact]
    public void Impossible_logarithms_are_as_nothing()
    {
        Batch b = Of(5);
        Tensor x = b.X.Clone();
        x.Select(2, (b.Blank + 1) % x.Shape[2]).FillInPlace(double.NegativeInfinity);
        x.RequiresGradInPlace();
        Tensor y = x.Detach().RequiresGradInPlace();
        Loss(b, x).Sum().Backward();
        Composed(b, y).Sum().Backward();
        Near(x.Grad!, y.Grad!, 1e-12, 5);
    }

    private static void Near(Tensor found, Tensor expected, double slack, int seed, string what = "gradient")
    {
        double[] a = found.Detach().ToArray(), e = expected.Detach().ToArray();
        a.Length.ShouldBe(e.Length);
        for (int i = 0; i < a.Length; i++) a[i].ShouldBe(e[i], slack * (1 + Math.Abs(e[i])), $"seed {seed}, {what}, element {i}");
    }
}
