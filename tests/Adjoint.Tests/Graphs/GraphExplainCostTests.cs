namespace Adjoint.Tests.Graphs;

/// <summary>
/// What an explanation costs, in work and not in time: at most three times a backward pass, for an entry of a layer. The forward pass is
/// needed for the numbers, one pass back for the gradients, and the terms of one entry need no product of matrices.
/// </summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphExplainCostTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_entry_of_a_layer_is_explained_in_the_work_of_three_backward_passes(bool isBias)
    {
        Rng.ManualSeed(0);
        var layer = new Adjoint.Nn.Linear(784, 512);
        Tensor x = Tensor.Randn(64, 784), target = Tensor.Randn(64, 512), w = isBias ? layer.Bias! : layer.Weight;
        Graph graph = Graph.Capture(() => Adjoint.Nn.F.MseLoss(layer.Call(x), target).Backward());
        Tensor loss = Adjoint.Nn.F.MseLoss(layer.Call(x), target);
        Work backward = Work.Of(() => loss.Backward());
        backward.Products.ShouldBe(2L * 64 * 784 * 512);

        GraphExplanation why = null!;
        Work explain = Work.Of(() => why = Explained());
        // Operations of the explanation's own run pass no door: one product forward.
        (explain.Products + 2L * 64 * 784 * 512).ShouldBeLessThanOrEqualTo(2 * backward.Products, "one product forward, one back");
        explain.Elements.ShouldBeLessThanOrEqualTo(3 * backward.Elements);
        // No copies of the weight as C# numbers, which would cost more than the pass.
        if (!isBias) Enumerable.Range(0, 4).Min(_ => Allocated(Explained)).ShouldBeLessThan(784 * 512 * sizeof(float) / 2);
        why.Gradient!.Value.ShouldBe(isBias ? layer.Bias!.Grad![3].Item() : layer.Weight.Grad![3, 5].Item());
        why.Terms.Count.ShouldBe(64);

        GraphExplanation Explained() => isBias ? graph.Explain(w, 3) : graph.Explain(w, 3, 5);
    }

    // What is made once in a process, whenever that is, is not what an explanation takes.
    private static long Allocated(Func<GraphExplanation> explained)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        explained();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Work : OpMode
    {
        /// <summary>Multiplications and additions in products of matrices.</summary>
        public long Products { get; private set; }

        /// <summary>Elements that operations wrote.</summary>
        public long Elements { get; private set; }

        public static Work Of(Action f)
        {
            var work = new Work();
            using (work.Enter()) f();
            return work;
        }

        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            IReadOnlyList<Tensor?> results = call.Run();
            Elements += results.Sum(y => (long)(y?.NumEl ?? 0));
            if (call.Name is "mm" or "addmm" or "linear_relu")
            {
                Tensor left = call.Inputs[call.Name == "mm" ? 0 : 1]!;
                bool turned = call.Attributes.GetValueOrDefault("transpose_self") is true;
                Products += 2L * results[0]!.NumEl * left.Shape[turned ? -2 : -1];
            }
            return results;
        }
    }
}
