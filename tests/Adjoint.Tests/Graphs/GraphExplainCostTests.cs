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
        explain.Products.ShouldBe(0, "one product forward, and of that back one element. See Note [One element of a product]");
        explain.Elements.ShouldBeLessThanOrEqualTo(3 * backward.Elements);
        // No copies of the weight as C# numbers, which would cost more than the pass.
        if (!isBias) Enumerable.Range(0, 4).Min(_ => Allocated(Explained)).ShouldBeLessThan(784 * 512 * sizeof(float) / 2);
        why.Gradient!.Value.ShouldBe(isBias ? layer.Bias!.Grad![3].Item() : layer.Weight.Grad![3, 5].Item());
        why.Terms.Count.ShouldBe(64);

        GraphExplanation Explained() => isBias ? graph.Explain(w, 3) : graph.Explain(w, 3, 5);
    }

    public static TheoryData<int, int, int, DType> Sizes
    {
        get
        {
            TheoryData<int, int, int, DType> sizes = [];
            foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
                foreach ((int m, int k, int n) in ((int, int, int)[])[
                    (1, 1, 1), (1, 7, 5), (5, 1, 3), (2, 3, 1), (3, 4, 5), (33, 40, 17), (64, 100, 50), (513, 9, 11), (600, 70, 65),
                    (8, 600, 6), (17, 129, 130), (130, 20, 3)])
                    sizes.Add(m, k, n, dtype);
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void One_element_has_the_bits_of_the_whole_gradient(int m, int k, int n, DType dtype)
    {
        Rng.ManualSeed(m + k + n);
        Tensor Random(params int[] shape) => Tensor.Randn(shape, dtype);
        Tensor x = Random(m, k), w = Random(k, n).RequiresGradInPlace(), turned = Random(n, k).RequiresGradInPlace(),
            b = Random(n), left = Random(m, k).RequiresGradInPlace(), right = Random(k, n), shared = Random(n, n).RequiresGradInPlace(),
            h = Random(m, n);
        var layer = new Adjoint.Nn.Linear(k, n, dtype: dtype);
        (Tensor Leaf, Func<Tensor> Loss)[] all =
        [
            (w, () => x.MatMul(w).Tanh().Sum()), (turned, () => x.MatMul(turned.T).Tanh().Sum()),
            (left, () => left.MatMul(right).Sin().Sum()),
            (left, () => left.T.MatMul(h).Sin().Sum()), (layer.Weight, () => layer.Call(x).Tanh().Sum()),
            (layer.Weight, () => layer.Call(x).Relu().Square().Sum()), (w, () => b.AddMm(x, w).Sigmoid().Mean()),
            (w, () => b.AddMm(x, w, 0.5, 2).Sin().Sum()),
            (shared, () => h.MatMul(shared).Tanh().MatMul(shared).Tanh().MatMul(shared).Sum()),
            (shared, () => h.MatMul(shared).MatMul(shared.T).Sin().Sum()), (w, () => x.MatMul(w).Sin().Sum() + (w * w).Sum()),
            (w, () => x.MatMul(w[.., ..1]).Sin().Sum() + x.MatMul(w).Cos().Sum()),
        ];
        for (int i = 0; i < all.Length; i++)
        {
            (Tensor leaf, Func<Tensor> loss) = all[i];
            double[] gradient = Autograd.Grad([loss()], [leaf])[0]!.ToArray<double>();
            Graph graph = Graph.Capture(loss);
            foreach (int number in (int[])[0, gradient.Length / 2, gradient.Length - 1])
            {
                GraphExplanation why = graph.Explain(leaf, GraphPlaces.IndexOf(leaf.Shape, number));
                why.Gradient.ShouldBe(gradient[number], $"{i}: {why}");
                double size = why.Terms.Select(t => Math.Abs(t.Contribution)).Append(Math.Abs(gradient[number])).Max();
                double unit = double.Epsilon + size * (dtype == DType.Float32 ? Math.Pow(2, -23) : Math.Pow(2, -52));
                why.Terms.Sum(t => t.Contribution).ShouldBe(gradient[number], unit * Math.Max(4, why.Terms.Count), $"{i}: {why}");
            }
        }
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
