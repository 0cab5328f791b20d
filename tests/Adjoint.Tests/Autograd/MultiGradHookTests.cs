namespace Adjoint.Tests.Differentiation;

/// <summary>Hooks on several tensors: a call for each pass, with the gradients of that pass alone.</summary>
public class MultiGradHookTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double?[] Values(IReadOnlyList<Tensor?> gradients) => [.. gradients.Select(g => g?.Item<double>())];

    [Fact] // 0.6: register_multi_grad_hook
    public void Each_pass_that_reaches_one_of_them_is_a_call_with_null_for_what_it_does_not_reach()
    {
        Tensor a = Leaf(2), b = Leaf(3);
        var seen = new List<double?[]>();
        HookHandle handle = Autograd.RegisterMultiGradHook([a, b], gs => seen.Add(Values(gs)));
        (a * b).Backward();
        (a * 5.0).Backward();
        (b * 7.0).Backward();
        (a * b * 2.0).Backward();
        Leaf(1).Square().Backward();
        seen.ShouldBe([[3, 2], [5, null], [null, 7], [6, 4]]);
        handle.Remove();
        (a * b).Backward();
        seen.Count.ShouldBe(4);
    }

    /// <summary>
    /// All pairs of passes, each through any of up to three tensors, in both dtypes and with any layout of what is watched.
    /// </summary>
    [Fact]
    public void Every_pass_gives_what_it_reaches_whatever_the_pass_before_reached()
    {
        Func<Tensor, Tensor>[] layouts =
            [x => x * 1.0, x => (x * 1.0).T, x => (x * 1.0)[TensorIndex.Slice(step: 2)], x => (x * 1.0)[..1].Expand(2, 4),
                x => (x * 1.0)[..0], x => (x * 1.0)[0, 0]];
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
            foreach (Func<Tensor, Tensor> lay in layouts)
                foreach (int n in (int[])[1, 2, 3])
                    for (int first = 0; first < 1 << n; first++)
                        for (int second = 0; second < 1 << n; second++)
                        {
                            Tensor[] watched = [.. Enumerable.Range(0, n).Select(_ => lay(Tensor.Ones([4, 4], dtype, requiresGrad: true)))];
                            var seen = new List<string>();
                            using HookHandle handle =
                                Autograd.RegisterMultiGradHook(
                                    watched, gs =>
                                        seen.Add(string.Join(
                                            ' ', gs.Select(g => g is null ? "-" : g.NumEl == 0 ? "empty" : $"{g.Max().Item()}"))));
                            foreach ((int pass, int reached) in ((int, int)[])[(2, first), (3, second)])
                            {
                                Tensor other = Tensor.Ones([1], dtype, requiresGrad: true);
                                Enumerable.Range(0, n).Where(i => (reached >> i & 1) == 1)
                                    .Aggregate(other.Sum(), (sum, i) => sum + pass * (i + 1) * watched[i].Sum())
                                    .Backward(retainGraph: true);
                            }
                            string Of(int pass, int reached) =>
                                string.Join(' ', Enumerable.Range(0, n)
                                    .Select(i => (reached >> i & 1) == 0 ? "-" : watched[i].NumEl == 0 ? "empty" : $"{pass * (i + 1)}"));
                            seen.ShouldBe([.. first == 0 ? [] : (string[])[Of(2, first)], .. second == 0 ? [] : (string[])[Of(3, second)]]);
                        }
    }

    [Fact]
    public void It_comes_as_soon_as_all_have_arrived_and_takes_part_in_Grad_too()
    {
        Tensor x = Leaf(2), u = x * 3.0, v = x * 5.0;
        bool wasAccumulated = true;
        double?[] seen = [];
        using HookHandle handle =
            Autograd.RegisterMultiGradHook([u, v, u], gs => (seen, wasAccumulated) = (Values(gs), x.Grad is not null));
        (u * v).Backward(retainGraph: true);
        seen.ShouldBe([10, 6, 10]);
        wasAccumulated.ShouldBeFalse();
        seen = [];
        Autograd.Grad(u * 2.0, x);
        seen.ShouldBe([2, null, 2]);
    }

    [Fact]
    public void Passes_inside_a_hook_and_in_other_threads_have_calls_of_their_own()
    {
        Tensor a = Leaf(2), b = Leaf(3);
        var seen = new System.Collections.Concurrent.ConcurrentQueue<double?[]>();
        using HookHandle handle = Autograd.RegisterMultiGradHook([a, b], gs => seen.Enqueue(Values(gs)));
        Tensor inner = a * 11.0, outer = a * b;
        using HookHandle nest = outer.RegisterHook(_ => inner.Backward(retainGraph: true));
        outer.Backward();
        seen.ShouldBe([[11, null], [3, 2]]);
        seen.Clear();
        Parallel.For(0, 64, i =>
        {
            if (i % 2 == 0) (a * b * i).Backward();
            else (a * (double)i).Backward();
        });
        seen.OrderBy(s => s[0] + s[1] * 1000 ?? s[0]).Select(s => (s[0], s[1])).ToHashSet()
            .SetEquals(Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? ((double?)3 * i, (double?)2 * i) : (i, null))).ShouldBeTrue();
        seen.Count.ShouldBe(64);
    }

    [Fact]
    public void A_pass_that_fails_leaves_nothing_for_the_next()
    {
        Tensor a = Leaf(2), b = Leaf(3);
        var seen = new List<double?[]>();
        using HookHandle handle = Autograd.RegisterMultiGradHook([a, b], gs => seen.Add(Values(gs)));
        Tensor x = a * 1.0;
        HookHandle failing = b.RegisterHook(_ => throw new InvalidOperationException("mine"));
        Should.Throw<InvalidOperationException>(() => (a + b).Backward());
        failing.Remove();
        seen.Clear();
        (b * 4.0).Backward();
        seen.ShouldBe([[null, 4]]);
    }
}
