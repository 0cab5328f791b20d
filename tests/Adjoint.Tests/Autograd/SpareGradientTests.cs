namespace Adjoint.Tests.Differentiation;

/// <summary>
/// Gradients of one element are used again within a pass: nobody who has one ever sees another in it. See Note [A gradient's own memory].
/// </summary>
public class SpareGradientTests
{
    [Fact]
    public void Back_along_a_chain_of_numbers_nothing_is_made()
    {
        Tensor x = Tensor.Scalar(0.999, requiresGrad: true), b = Tensor.Scalar(0.001, requiresGrad: true);
        Along(100).Backward();
        Tensor end = Along(2_000);
        (x.Grad, b.Grad) = (null, null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        end.Backward();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(5_000);
        // d/db of the geometric sum, and d/dx from PyTorch's formula for it.
        b.Grad!.Item().ShouldBe(Enumerable.Range(0, 1_000).Sum(k => Math.Pow(0.999, k)), 0.05);

        Tensor Along(int operations)
        {
            Tensor v = Tensor.Scalar(1);
            for (int i = 0; i < operations / 2; i++) v = v * x + b;
            return v;
        }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Graphs_of_numbers_have_the_gradients_of_a_pass_that_owns_nothing(int seed)
    {
        var random = new Random(seed);
        var seen = new List<(Tensor Gradient, double Value)>();
        for (int round = 0; round < 40; round++)
        {
            // Parameters that were stepped have a storage, others carry themselves.
            Tensor[] leaves = [.. Enumerable.Range(0, 4).Select(i => Tensor.Scalar(random.NextDouble() + 0.5, DType.Float64))];
            if (round % 2 == 0) leaves[0].AddInPlace(0.1);
            foreach (Tensor leaf in leaves) leaf.RequiresGrad = true;
            Tensor loss = Graph(leaves, random, hooked: round % 3 == 0 ? seen : null);
            double[] expected = [.. Autograd.Grad([loss], leaves, createGraph: true, allowUnused: true)
                .Select(g => g is null ? 0 : g.Detach().Item())];
            seen.RemoveAll(_ => round % 3 == 0);
            loss.Backward();
            for (int i = 0; i < leaves.Length; i++)
                (leaves[i].Grad?.Item() ?? 0).ShouldBe(expected[i], 1e-9 * Math.Max(1, Math.Abs(expected[i])));
            // Whoever has one keeps it: in later passes nothing is written there.
            seen.AddRange(leaves.Where(leaf => leaf.Grad is not null).Select(leaf => (leaf.Grad!, leaf.Grad!.Item())));
        }
        foreach (var (gradient, value) in seen) gradient.Item().ShouldBe(value);
    }

    [Fact]
    public void What_a_hook_or_RetainGrad_has_stays_what_it_is()
    {
        Tensor w = Tensor.Scalar(3, requiresGrad: true), c = Tensor.Scalar(2, requiresGrad: true), v = Tensor.Scalar(1);
        var seen = new List<Tensor>();
        var retained = new List<Tensor>();
        for (int i = 0; i < 50; i++)
        {
            v = v * w * 0.3 + c;
            if (i % 3 == 0) v.RegisterHook(g =>
            {
                seen.Add(g);
                return null;
            });
            if (i % 4 != 0) continue;
            v.RetainGrad();
            retained.Add(v);
        }
        v.Backward(retainGraph: true);
        double[] first = [.. seen.Select(g => g.Item())], second = [.. retained.Select(t => t.Grad!.Item())];
        (v * w).Backward();
        seen.Take(first.Length).Select(g => g.Item()).ShouldBe(first);
        first.Distinct().Count().ShouldBe(first.Length);
        retained.Select(t => t.Grad!.Item()).ShouldNotBe(second); // added to, by the second pass
    }

    private static Tensor Graph(Tensor[] leaves, Random random, List<(Tensor, double)>? hooked)
    {
        var all = new List<Tensor>(leaves);
        for (int i = 0; i < 30; i++)
        {
            Tensor x = all[random.Next(all.Count)], y = all[random.Next(all.Count)];
            Tensor z = random.Next(7) switch
            {
                0 => x + y,
                1 => x - y,
                2 => x * y,
                3 => x / (y * y + 1),
                4 => (x * y).Tanh(),
                5 => x.Maximum(y),
                _ => x.Square() * 0.1,
            };
            if (hooked is not null && i % 5 == 0) z.RegisterHook(g =>
            {
                hooked.Add((g, g.Detach().Item()));
                return null;
            });
            all.Add(z.Tanh());
        }
        return all.Aggregate((a, b) => a + b);
    }
}
