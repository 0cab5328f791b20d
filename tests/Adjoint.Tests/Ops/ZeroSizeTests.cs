using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Ops;

/// <summary>
/// Every row of the table of operations with a 0 in each place of its shapes: as PyTorch, forward and backward, or refused as there.
/// </summary>
public class ZeroSizeTests
{
    internal sealed record Case(string Op, int[][] Shapes, bool Error, TensorValue? Output, TensorValue?[]? Grads)
    {
        public override string ToString() => $"{Op} of {string.Join(" and ", Shapes.Select(shape => $"[{string.Join(", ", shape)}]"))}";
    }

    private const int Many = 20_000;

    private static readonly Dictionary<string, Op> Rows = OpTable.All.ToDictionary(op => op.Name);
    private static readonly ILookup<string, Case> Asked = Fixtures.Read<Case>("zero_sizes").ToLookup(@case => @case.Op);

    public static TheoryData<string> Names => [.. Rows.Keys];

    /// <summary>
    /// What PyTorch is not asked for, because the shape says it all, because it draws, or because the layer that calls it looks at shapes
    /// first.
    /// </summary>
    private static bool SpeaksForItself(Op op) => op.Kind == OpKind.ElementWise || op.Name is "dropout" or "batch_norm"
        or "group_norm" or "instance_norm";

    [Fact]
    public void PyTorch_was_asked_about_every_row() =>
        OpTable.All.Where(op => !SpeaksForItself(op) && !Asked.Contains(op.Name))
        .Select(op => $"{op.Name}: add it to tests/Parity/zero_size_fixtures.py").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void Sizes_of_zero_give_what_PyTorch_gives(string name)
    {
        foreach (Case @case in Asked[name])
        {
            Tensor[] leaves = [.. @case.Shapes.Select(Filled)];
            Outcome outcome = Outcome.Of(Rows[name], leaves);
            (outcome.Refusal is not null).ShouldBe(@case.Error, $"{@case}: {outcome.Refusal?.Message}");
            if (@case.Error) continue;
            Same(outcome.Output!, @case.Output!, $"{@case}");
            for (int i = 0; @case.Grads is not null && i < leaves.Length; i++)
                if (@case.Grads[i] is { } expected) Same(outcome.Gradients[i]!, expected, $"{@case}: gradient {i}");
        }
    }

    /// <summary>A 0 in each place, and many rows in each other place: the same as with few, in all modes of differentiation.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Many_rows_of_nothing_are_like_few(string name)
    {
        Op op = Rows[name];
        if (name == "pdist") return; // of many rows there are as many distances as pairs: gigabytes
        foreach ((Shape[] few, Shape[] many) in Variants([.. op.Inputs.Select(input => input.Shape)]))
        {
            string what = $"{name} of {string.Join(" and ", many.Select(shape => $"{shape}"))}";
            Outcome small = Outcome.Of(op, [.. few.Select(shape => Filled(shape.Sizes.ToArray()))]);
            Outcome large = Outcome.Of(op, [.. many.Select(shape => Filled(shape.Sizes.ToArray()))]);
            // More may be too much, or fit an index that did not.
            if (large.Refusal is not null && small.Refusal is null) large.Refusal.Message.ShouldMatch("more than|broadcast|shape", what);
            if (large.Output is null || small.Output is null) continue;
            large.Output.NDim.ShouldBe(small.Output.NDim, what);
            large.Gradients.Select(g => g is null).ShouldBe(small.Gradients.Select(g => g is null), what);
        }
    }

    /// <summary>The shapes with a 0 in one place, or in all places of a size; and those with many rows in another.</summary>
    private static IEnumerable<(Shape[] Few, Shape[] Many)> Variants(Shape[] shapes)
    {
        for (int i = 0; i < shapes.Length; i++)
        {
            for (int d = 0; d < shapes[i].NDim; d++)
            {
                int zero = shapes[i][d];
                Shape[] alone = Replaced(shapes, (j, e, n) => (j, e) == (i, d) ? 0 : n),
                    all = Replaced(shapes, (_, _, n) => n == zero ? 0 : n);
                foreach (Shape[] few in new[] { alone, all })
                {
                    foreach (int many in few.SelectMany(shape => shape).Where(n => n > 0).Distinct())
                    {
                        Shape[] large = Replaced(few, (_, _, n) => n == many ? Many : n);
                        if (few[i].Contains(many) && Broadcast(large) <= 50L * Many) yield return (few, large);
                    }
                }
            }
        }
    }

    private static Shape[] Replaced(Shape[] shapes, Func<int, int, int, int> size)
    {
        long product = 1;
        var all = new Shape[shapes.Length];
        for (int j = 0; j < all.Length; j++)
        {
            int[] sizes = [.. shapes[j].Select((n, e) => size(j, e, n))];
            product = sizes.Where(n => n > 0).Aggregate(1L, (p, n) => p * n);
            // Two sizes of many would be too large for any tensor: one is enough.
            for (int e = sizes.Length - 1; e >= 0 && product > 100L * Many; e--)
                if (sizes[e] == Many && sizes.Count(n => n == Many) > 1) (sizes[e], product) = (2, product / Many);
            all[j] = Shape.Of(sizes);
        }
        return all;
    }

    /// <summary>How many elements a result may have that the shapes broadcast to, whatever is made of their zeros.</summary>
    private static long Broadcast(Shape[] shapes)
    {
        long product = 1;
        for (int d = 1; d <= shapes.Max(shape => shape.NDim); d++)
            product *= shapes.Max(shape => d <= shape.NDim ? Math.Max(shape[-d], 1) : 1);
        return product;
    }

    private static Tensor Filled(int[] sizes)
    {
        Shape shape = Shape.Of(sizes);
        return Tensor.From([.. Enumerable.Range(0, shape.NumEl).Select(i => (5L * i % 7 - 3) / 2.0)], shape, requiresGrad: true);
    }

    private static void Same(Tensor actual, TensorValue expected, string what)
    {
        actual.DType.ShouldBe(expected.DType, what);
        actual.Shape.Sizes.ToArray().ShouldBe(expected.Shape, what);
        double[] ours = actual.ToArray<double>(), theirs = expected.Numbers;
        for (int i = 0; i < ours.Length; i++)
            (ours[i].Equals(theirs[i]) || Math.Abs(ours[i] - theirs[i]) <= 1e-12 * Math.Max(1, Math.Abs(theirs[i])))
            .ShouldBeTrue($"{what}: [{i}] is {ours[i]}, PyTorch's {theirs[i]}");
    }

    /// <summary>What came of a call: its value and gradients, or how it was refused.</summary>
    private sealed record Outcome(Tensor? Output, Tensor?[] Gradients, Exception? Refusal)
    {
        public static Outcome Of(Op op, Tensor[] leaves)
        {
            Tensor y;
            try
            {
                y = op.Apply(leaves);
            }
            catch (Exception error) when (Refusals.IsMeant(error))
            {
                return new Outcome(null, [], error);
            }
            if (!y.RequiresGrad) return new Outcome(y, [], null);
            y.Backward(y.OnesLike(), retainGraph: true);
            foreach (Tensor leaf in leaves) leaf.Grad?.Shape.ShouldBe(leaf.Shape, op.Name);
            Tensor?[] recorded = Adjoint.Autograd.Grad([y], leaves, [y.OnesLike()], createGraph: true, allowUnused: true);
            for (int i = 0; i < leaves.Length; i++) recorded[i]?.Shape.ShouldBe(leaves[i].Shape, op.Name);
            Forward(op, leaves, y.Shape);
            return new Outcome(y, [.. leaves.Select(leaf => leaf.Grad)], null);
        }

        private static void Forward(Op op, Tensor[] leaves, Shape shape)
        {
            using ForwardLevel _ = ForwardAD.EnterDualLevel();
            Tensor dual = op.Apply([.. leaves.Select(leaf => ForwardAD.MakeDual(leaf.Detach(), leaf.OnesLike()))]);
            ForwardAD.UnpackDual(dual).Tangent?.Shape.ShouldBe(shape, op.Name);
        }
    }
}
