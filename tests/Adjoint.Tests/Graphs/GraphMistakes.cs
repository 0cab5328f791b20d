namespace Adjoint.Tests.Graphs;

/// <summary>A model or a mistake, and what is to be said of one element of its gradient.</summary>
/// <param name="Make">Makes the tensor, and the step to capture: it runs the backward pass.</param>
/// <param name="At">The element.</param>
/// <param name="Reason">What kind of number its gradient is.</param>
/// <param name="Says">Parts of the text.</param>
public sealed record GraphMistake(Func<(Tensor Leaf, Action Step)> Make, int[] At, GraphReason Reason, params string[] Says)
{
    /// <summary>What must not be said.</summary>
    public string[] SaysNot { get; init; } = [];

    /// <summary>What the gradient is while the step runs, where it is another one afterwards.</summary>
    public double? Truth { get; init; }

    /// <summary>Whether code of the user's changes the gradient, so that the terms do not sum to it.</summary>
    public bool IsOwnCode { get; init; }

    /// <summary>Whether the numbers of the memory have another derivative than the leaf has a gradient.</summary>
    public bool IsByLeaf { get; init; }
}

/// <summary>The table of <see cref="GraphMistakeTests"/>.</summary>
public static partial class GraphMistakes
{
    private static Tensor X => Tensor.From([1f, -2f, 3f, 0.5f], [2, 2]);

    private static Tensor W => Tensor.From([1f, 2f], requiresGrad: true);

    private static Tensor Labels(params long[] labels) => Tensor.From(labels);

    private static (Tensor, Action) Of(Tensor w, Func<Tensor> loss) => (w, () => loss().Backward());

    /// <summary>All of them by name.</summary>
    public static Dictionary<string, GraphMistake> All => new(Missing().Concat(Zeros()).Concat(Broken()).Concat(Sizes()).Concat(OwnCode())
        .Concat(Ordinary()).Concat(Layers()).Concat(Models()));

    private static Dictionary<string, GraphMistake> Missing() => new()
    {
        ["only a detached alias is used"] = new(
            () => { Tensor w = W, v = W; return Of(w, () => (w.Detach() * v).Sum()); }, [0], GraphReason.Missing, "w detached", "Detach()")
        { SaysNot = ["requires"] },
        ["a leaf first seen without recording"] = new(() =>
        {
            Tensor w = W, v = W;
            return Of(w, () =>
            {
                Tensor y;
                using (Autograd.NoGrad()) y = w * 2;
                return (y * v).Sum();
            });
        }, [0], GraphReason.Missing, "NoGrad()"),
        ["a leaf first seen in inference mode"] = new(() =>
        {
            Tensor w = W, v = W;
            return Of(w, () =>
            {
                double scale = 1;
                using (Autograd.InferenceMode()) _ = w * scale;
                return (w.Detach() * v).Sum();
            });
        }, [0], GraphReason.Missing, "Detach()"),
        ["a leaf first seen as integers"] = new(() =>
        {
            Tensor w = W, v = W;
            return Of(w, () => (w.To(DType.Int64) * v).Sum());
        }, [0], GraphReason.Missing, "gives Int64", "no gradient"),
        ["a leaf first seen as a view of its alias"] = new(() =>
        {
            Tensor w = W, v = W;
            return Of(w, () => (w.Detach()[..1] * v).Sum());
        }, [1], GraphReason.Missing, "Detach()"),
        ["an alias that was made before"] = new(() =>
        {
            Tensor w = W, frozen = w.Detach(), v = W;
            return Of(w, () => (frozen * v).Sum() + 0 * v.Sum());
        }, [0], GraphReason.Missing, "detached"),
        ["a leaf that nothing in the closure names"] = new(() =>
        {
            Tensor[] hidden = [W, W];
            return Of(hidden[0], () => (hidden[0].Detach() * hidden[1]).Sum());
        }, [0], GraphReason.Missing, "Detach()"),
        ["frozen"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2f]), v = W;
            return Of(w, () => (w * v).Sum());
        }, [0], GraphReason.Missing, "does not require grad"),
        ["a frozen layer"] = new(() =>
        {
            var net = new Adjoint.Nn.Sequential(new Adjoint.Nn.Linear(2, 2), new Adjoint.Nn.Linear(2, 1));
            Tensor x = X, first = ((Adjoint.Nn.Linear)net[0]).Weight.RequiresGradInPlace(false);
            return Of(first, () => net.Call(x).Sum());
        }, [0, 0], GraphReason.Missing, "0.weight does not require grad"),
        ["argmax of the scores"] = new(() =>
        {
            Tensor w = W, v = W, x = X;
            return Of(w, () => (x * w).ArgMax(1).To(DType.Float32).Sum() * v.Sum());
        }, [0], GraphReason.Missing, "argmax gives Int64"),
        ["rounded to integers and back"] = new(() =>
        {
            Tensor w = W, v = W;
            return Of(w, () => ((w * 3).To(DType.Int32).To(DType.Float32) * v).Sum());
        }, [0], GraphReason.Missing, "gives Int32"),
        ["a target that is computed with the model"] = new(() =>
        {
            Tensor w = W, v = W, x = X;
            return Of(w, () => ((x * v) - (x * w).Detach()).Square().Sum());
        }, [0], GraphReason.Missing, "gets mul", "Detach()"),
        ["the loss of another model"] = new(() =>
        {
            Tensor w = W, v = W, x = X;
            return Of(w, () => { _ = (x * w).Tanh().Sum(); return (x * v).Sum(); });
        }, [0], GraphReason.Missing, "does not lead to"),
        ["a leaf made anew in between"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => (x * w).Detach().RequiresGradInPlace().Square().Sum());
        }, [0], GraphReason.Missing, "begins anew as a leaf"),
        ["a pass for others"] = new(() =>
        {
            Tensor w = W, v = W;
            return (w, () => (w * v).Sum().Backward(inputs: [v]));
        }, [0], GraphReason.Missing, "no backward pass was asked for it", "inputs")
        { IsByLeaf = true },
        ["a leaf that another leaf's alias is trained for"] = new(() =>
        {
            Tensor w = W, twin = w.Detach().RequiresGradInPlace(), v = W;
            return Of(w, () => (twin * v).Sum());
        }, [0], GraphReason.Missing, "begins anew as a leaf")
        { IsByLeaf = true },
        ["written into data in place without recording"] = new(() =>
        {
            Tensor w = W, v = W;
            return Of(w, () =>
            {
                Tensor y = v * 1;
                using (Autograd.NoGrad()) y.CopyInPlace(w);
                return y.Sum();
            });
        }, [0], GraphReason.Missing, "NoGrad()"),
    };

    private static Dictionary<string, GraphMistake> Zeros() => new()
    {
        ["an element that is sliced away"] = new(
            () => { Tensor w = Tensor.Ones([4], requiresGrad: true); return Of(w, () => w[..2].Sum()); }, [3], GraphReason.Zero,
            "w[3] is read by no operation", "w"),
        ["an element of a result that is sliced away"] = new(
            () => { Tensor w = Tensor.Ones([4], requiresGrad: true); return Of(w, () => (w * 2)[..2].Sum()); }, [3], GraphReason.Zero,
            "mul1[3]", "read by nothing after that"),
        ["a row that no index names"] = new(
            () => { Tensor w = Tensor.Ones([4, 2], requiresGrad: true), at = Labels(0, 2, 2); return Of(w, () => w[at].Sum()); }, [1, 0],
            GraphReason.Zero, "not among the elements that at names"),
        ["a word that is not in the batch"] = new(() =>
        {
            var rows = new Adjoint.Nn.Embedding(5, 3);
            Tensor at = Labels(0, 3);
            return Of(rows.Weight, () => rows.Call(at).Sum());
        }, [1, 2], GraphReason.Zero, "embedding", "not among the elements"),
        ["the padding row"] = new(() =>
        {
            var rows = new Adjoint.Nn.Embedding(5, 3, paddingIdx: 2);
            Tensor at = Labels(0, 2, 2);
            return Of(rows.Weight, () => rows.Call(at).Sum());
        }, [2, 1], GraphReason.Zero, "row 2 is the padding row (padding_idx)"),
        ["all labels ignored, summed"] = new(() =>
        {
            Tensor w = Tensor.Ones([2, 3], requiresGrad: true), x = X, t = Labels(-100, -100);
            return Of(w, () => Adjoint.Nn.F.CrossEntropy(x.MatMul(w), t, reduction: Adjoint.Nn.Reduction.Sum));
        }, [0, 1], GraphReason.Zero, "the label t[0] is -100, which is ignored"),
        ["all labels ignored, averaged"] = new(() =>
        {
            Tensor w = Tensor.Ones([2, 3], requiresGrad: true), x = X, t = Labels(-100, -100);
            return Of(w, () => Adjoint.Nn.F.CrossEntropy(x.MatMul(w), t));
        }, [0, 1], GraphReason.Zero, "the label t[0] is -100, which is ignored"),
        ["a class of the weight 0"] = new(() =>
        {
            Tensor w = Tensor.Ones([2, 3], requiresGrad: true), x = X, t = Labels(1, 1), weight = Tensor.From([1f, 0, 1]);
            return Of(w, () => Adjoint.Nn.F.CrossEntropy(x.MatMul(w), t, weight, reduction: Adjoint.Nn.Reduction.Sum));
        }, [0, 1], GraphReason.Zero, "nll_loss"),
        ["contributions cancel"] = new(
            () => { Tensor w = W, x = Tensor.From([1f, 1f, -1f, 1f], [2, 2]); return Of(w, () => (x * w).Sum()); }, [0], GraphReason.Zero,
            "The 2 contributions cancel: 1 + -1 = 0")
        { SaysNot = ["derivative"] },
        ["two uses cancel"] = new(
            () => { Tensor w = W, x = X; return Of(w, () => (x * w).Sum() - (x * w).Sum()); }, [0], GraphReason.Zero, "cancel"),
        ["the sum of a softmax"] = new(
            () => { Tensor w = Tensor.Zeros([2], requiresGrad: true); return Of(w, () => w.Softmax(0).Sum()); }, [0], GraphReason.Zero,
            "cancel"),
        ["a softmax over one element"] = new(
            () => { Tensor w = Tensor.Zeros([3, 1], requiresGrad: true); return Of(w, () => w.Softmax(1).Square().Sum()); }, [0, 0], GraphReason.Zero, "over a single element"),
        ["underflow of the terms"] = new(() =>
        {
            Tensor w = W, x = Tensor.From([1e-30f, 1e-30f]);
            return Of(w, () => (x * w).Sum() * 1e-30f);
        }, [0], GraphReason.Zero, "Underflow", "below the smallest Float32")
        { SaysNot = ["factor 0", "cancel"] },
        ["underflow on the way back"] = new(() =>
        {
            Tensor w = W;
            return Of(w, () => ((w.Tanh() * 1).Tanh() * 1e-30f * 1e-30f).Sum());
        }, [0], GraphReason.Zero, "nderflow")
        { SaysNot = ["saturated", "multiplied by 0"] },
        ["a vanishing chain of sigmoids"] = new(() =>
        {
            Tensor w = Tensor.Scalar(0.5f, requiresGrad: true);
            return Of(w, () =>
            {
                Tensor y = w;
                for (int i = 0; i < 120; i++) y = y.Sigmoid();
                return y;
            });
        }, [], GraphReason.Zero, "nderflow"),
        ["exp far below 0"] = new(
            () => { Tensor w = W; return Of(w, () => (w - 200).Exp().Sum()); }, [0], GraphReason.Zero, "exp", "saturated"),
        ["dropout of everything"] = new(
            () => { Tensor w = W; return Of(w, () => w.Dropout(1.0).Sum()); }, [0], GraphReason.Zero, "multiplied by 0, of zeros1"),
        ["clamped"] = new(() => { Tensor w = W; return Of(w, () => w.Clamp(3, 5).Sum()); }, [0], GraphReason.Zero, "clamp is constant"),
        ["not the largest"] = new(() => { Tensor w = W; return Of(w, () => w.Max()); }, [0], GraphReason.Zero, "not what max chose"),
        ["the smaller of two"] = new(
            () => { Tensor w = W, v = Tensor.From([5f, 5f]); return Of(w, () => Tensor.Maximum(w, v).Sum()); }, [0], GraphReason.Zero,
            "not what maximum chose"),
        ["abs at 0"] = new(
            () => { Tensor w = Tensor.Zeros([2], requiresGrad: true); return Of(w, () => w.Abs().Sum()); }, [0], GraphReason.Zero,
            "the derivative of abs is 0 at 0"),
        ["square at 0"] = new(
            () => { Tensor w = Tensor.Zeros([2], requiresGrad: true); return Of(w, () => w.Square().Sum()); }, [0], GraphReason.Zero,
            "at 0"),
        ["norm at 0"] = new(
            () => { Tensor w = Tensor.Zeros([2], requiresGrad: true); return Of(w, () => w.Norm()); }, [0], GraphReason.Zero, "norm",
            "at 0"),
        ["a layer of zeros behind"] = new(() =>
        {
            Tensor w = Tensor.Ones([2, 3], requiresGrad: true), v = Tensor.Zeros([3, 1], requiresGrad: true), x = X;
            return Of(w, () => x.MatMul(w).MatMul(v).Sum());
        }, [0, 0], GraphReason.Zero, "multiplied by 0, of v"),
        ["zero data in a layer"] = new(() =>
        {
            var layer = new Adjoint.Nn.Linear(2, 3);
            Tensor x = Tensor.Zeros(4, 2);
            return Of(layer.Weight, () => layer.Call(x).Sum());
        }, [0, 0], GraphReason.Zero, "multiplied by 0, of x")
        { SaysNot = ["bias"] },
        ["a dead unit of a layer with ReLU"] = new(() =>
        {
            var net = new Adjoint.Nn.Sequential(new Adjoint.Nn.Linear(2, 2), new Adjoint.Nn.ReLU());
            var layer = (Adjoint.Nn.Linear)net[0];
            using (Autograd.NoGrad()) layer.Bias!.FillInPlace(-100);
            Tensor x = X;
            return Of(layer.Weight, () => net.Call(x).Sum());
        }, [0, 0], GraphReason.Zero, "relu"),
        ["a dead branch of where"] = new(() =>
        {
            Tensor w = W, x = X, never = Tensor.From([false, false]);
            return Of(w, () => Tensor.Where(never, w, x).Sum());
        }, [0], GraphReason.Zero, "not chosen by never"),
        ["overwritten in place"] = new(() =>
        {
            Tensor w = W, x = Tensor.From([7f, 7f]);
            return Of(w, () =>
            {
                Tensor y = w * 2;
                y.CopyInPlace(x * w.Sum() * 0 + x);
                return y.Sum();
            });
        }, [0], GraphReason.Zero, "mul"),
        ["a part overwritten in place"] = new(() =>
        {
            Tensor w = W, x = Tensor.From([7f]);
            return Of(w, () =>
            {
                Tensor y = w * 2;
                y[..1].CopyInPlace(x);
                return y.Sum();
            });
        }, [0], GraphReason.Zero, "copy_ (slice1'1): slice1[0] = 2: written over"),
        ["an empty batch"] = new(() =>
        {
            var layer = new Adjoint.Nn.Linear(2, 3);
            Tensor x = Tensor.Zeros(0, 2);
            return Of(layer.Weight, () => layer.Call(x).Square().Sum());
        }, [0, 0], GraphReason.Zero, "has no elements: the data is empty"),
        ["begun with 0"] = new(() =>
        {
            Tensor w = W, none = Tensor.Zeros(2);
            return (w, () => (w * 2).Backward(none));
        }, [0], GraphReason.Zero, "began with is 0"),
        ["a bias before batch norm"] = new(() =>
        {
            var norm = new Adjoint.Nn.BatchNorm1d(1);
            Tensor b = Tensor.Zeros([1], requiresGrad: true), x = Tensor.From([1f, -1f], [2, 1]), t = Tensor.From([1f, 3f], [2, 1]);
            return Of(b, () => (norm.Call(x + b) * t).Sum());
        }, [0], GraphReason.Zero, "cancel"),
    };
}
