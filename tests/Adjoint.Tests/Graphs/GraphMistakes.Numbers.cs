using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

public static partial class GraphMistakes
{
    private static Dictionary<string, GraphMistake> Broken() => new()
    {
        ["0/0 in a masked mean"] = new(() =>
        {
            Tensor w = W, x = X, mask = Tensor.From([1f, 1f, 0f, 0f], [2, 2]);
            return Of(w, () => ((x * w * mask).Sum(1) / mask.Sum(1)).Sum());
        }, [0], GraphReason.NotFinite, "div (div1) first made", "= NaN", "sum2[1] = 0"),
        ["where hides it going forward only"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => Tensor.Where(x * w > 0, (x * w).Sqrt(), Tensor.Zeros(2, 2)).Sum());
        }, [1], GraphReason.NotFinite, "sqrt (sqrt1) first made"),
        ["the square root of 0"] = new(
            () => { Tensor w = Tensor.Zeros([2], requiresGrad: true); return Of(w, () => w.Sqrt().Sum()); }, [0], GraphReason.NotFinite,
            "sqrt", "the slope ∞"),
        ["NaN in one example"] = new(() =>
        {
            var layer = new Adjoint.Nn.Linear(2, 3);
            Tensor x = Tensor.From([1f, 2f, float.NaN, 4f, 5f, 6f], [3, 2]);
            return Of(layer.Weight, () => layer.Call(x).Square().Sum());
        }, [1, 1], GraphReason.NotFinite, "x[1, 0] is NaN: it came in so", "x[1]"),
        ["a log of 0"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => ((x * w).Relu().Log() * (x * w).Relu()).Sum());
        }, [1], GraphReason.NotFinite, "log (log1) first made"),
        ["exp too large"] = new(() => { Tensor w = W; return Of(w, () => (w * 100).Exp().Square().Sum()); }, [0], GraphReason.NotFinite,
            "exp (exp1) first made exp1[0] = ∞"),
        ["softmax by hand"] = new(() =>
        {
            Tensor w = Tensor.From([1000f, 0f], requiresGrad: true);
            return Of(w, () => (w.Exp() / w.Exp().Sum())[0]);
        }, [0], GraphReason.NotFinite, "exp (exp1) first made exp1[0] = ∞"),
        ["the parameter itself"] = new(() =>
        {
            Tensor w = Tensor.From([float.NaN, 2f], requiresGrad: true);
            return Of(w, () => w.Square().Sum());
        }, [0], GraphReason.NotFinite, "w[0] is NaN: it came in so"),
        ["NaN in the parameter, but not to blame"] = new(() =>
        {
            Tensor w = Tensor.From([float.NaN, 2f], requiresGrad: true), x = Tensor.From([float.PositiveInfinity, 1f]);
            return Of(w, () => (x * w).Sum());
        }, [0], GraphReason.NotFinite, "x[0] is ∞: it came in so")
        { SaysNot = ["w[0] itself", "w[0] is NaN: it"] },
        ["overflow of the terms"] = new(() =>
        {
            Tensor w = W, x = Tensor.From([1e30f, 1e30f]);
            return Of(w, () => (x * w).Sum() * 1e30f);
        }, [0], GraphReason.NotFinite, "∞"),
        ["overflow of a sum"] = new(() =>
        {
            Tensor w = W, x = Tensor.Full([4, 2], 3e38f);
            return Of(w, () => (x * w).Sum(0).Sum());
        }, [0], GraphReason.NotFinite, "Overflow", "Float32 ends at 3.4"),
        ["begun with NaN"] = new(() =>
        {
            Tensor w = W, g = Tensor.From([float.NaN, 1f]);
            return (w, () => (w * 2).Backward(g));
        }, [0], GraphReason.NotFinite, "begins with a gradient that is not finite"),
        ["a standard deviation of equal numbers"] = new(() =>
        {
            Tensor w = Tensor.Scalar(1f, requiresGrad: true), x = Tensor.Ones(3);
            return Of(w, () => (x * w).Var().Sqrt());
        }, [], GraphReason.NotFinite, "sqrt", "the slope ∞"),
        ["0 to a power below 1"] = new(
            () => { Tensor w = Tensor.Zeros([1], requiresGrad: true); return Of(w, () => w.Pow(0.5).Sum()); }, [0], GraphReason.NotFinite,
            "pow"),
        ["atan2 at the origin"] = new(() =>
        {
            Tensor w = Tensor.Zeros([1], requiresGrad: true), v = Tensor.Zeros(1);
            return Of(w, () => w.Atan2(v).Sum());
        }, [0], GraphReason.NotFinite, "atan2"),
        ["an exploding recurrence"] = new(() =>
        {
            Tensor w = Tensor.Scalar(1e3f, requiresGrad: true);
            return Of(w, () =>
            {
                Tensor h = Tensor.Scalar(1f);
                for (int t = 0; t < 15; t++) h = h * w;
                return h;
            });
        }, [], GraphReason.NotFinite, "∞"),
    };

    private static Dictionary<string, GraphMistake> Sizes() => new()
    {
        ["one huge factor"] = new(
            () => { Tensor w = W, x = X; return Of(w, () => ((x * w).Tanh() / 1e-6).Sum()); }, [0], GraphReason.Huge,
            "The largest factor on the way is 1000000, at div1"),
        ["a sum over very many"] = new(
            () => { Tensor w = Tensor.Scalar(1f, requiresGrad: true), x = Tensor.Ones(5000); return Of(w, () => (x * w).Sum()); }, [],
            GraphReason.Huge, "the sum of 5000 terms, none above 1")
        { SaysNot = ["largest factor"] },
        ["begun with a huge number"] = new(() =>
        {
            Tensor w = W, g = Tensor.From([1e6f, 1f]);
            return (w, () => (w * 2).Backward(g));
        }, [0], GraphReason.Huge, "begins with the gradient 1000000"),
        ["a loss that was scaled up"] = new(
            () => { Tensor w = W, x = X; return Of(w, () => (x * w).Sum() * 65536); }, [0], GraphReason.Huge, "65536"),
        ["a chain of harmless factors"] = new(() =>
        {
            Tensor w = Tensor.Scalar(1.0, DType.Float64).RequiresGradInPlace();
            return Of(w, () =>
            {
                Tensor y = w;
                for (int i = 0; i < 20; i++) y = y * 3;
                return y;
            });
        }, [], GraphReason.Huge, "20 of 20 factors are above 1.5"),
        ["a chain of sigmoids"] = new(() =>
        {
            Tensor w = Tensor.Scalar(0.5f, requiresGrad: true);
            return Of(w, () =>
            {
                Tensor y = w;
                for (int i = 0; i < 40; i++) y = y.Sigmoid();
                return y;
            });
        }, [], GraphReason.Tiny, "No single one explains it: 40 of 40 factors are below 0.67"),
        ["terms that nearly cancel"] = new(() =>
        {
            Tensor w = Tensor.Scalar(1.0, DType.Float64).RequiresGradInPlace(), x = Tensor.From([0.1, 0.2, -0.3]);
            return Of(w, () => (x * w).Sum());
        }, [], GraphReason.Tiny, "3 terms", "cancel"),
        ["one tiny factor"] = new(
            () => { Tensor w = W, x = X; return Of(w, () => (x * w * 1e-20f).Sum()); }, [0], GraphReason.Tiny,
            "The smallest factor on the way is 1E-20"),
    };

    private static Dictionary<string, GraphMistake> OwnCode() => new()
    {
        ["a hook on a result"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () =>
            {
                Tensor y = x * w;
                y.RegisterHook(g => g * 10);
                return y.Sum();
            });
        }, [0], GraphReason.Ordinary, "a hook on mul1: the gradient of mul1 is 10 where formulas give 1"),
        ["a hook on the leaf"] = new(() =>
        {
            Tensor w = W, x = X;
            w.RegisterHook(g => g * 10);
            return Of(w, () => (x * w).Sum());
        }, [0], GraphReason.Ordinary, "the formulas give 4, the pass 40: a hook on w changes it")
        { IsOwnCode = true },
        ["a hook that makes it 0"] = new(() =>
        {
            Tensor w = W, x = X;
            w.RegisterHook(g => g * 0);
            return Of(w, () => (x * w).Sum());
        }, [0], GraphReason.Zero, "the formulas give 4, the pass 0: a hook on w")
        { IsOwnCode = true },
        ["a hook that only looks"] = new(() =>
        {
            Tensor w = W, x = X;
            w.RegisterHook(g => { _ = g.Shape; });
            return Of(w, () => (x * w).Sum());
        }, [0], GraphReason.Ordinary)
        { SaysNot = ["hook"] },
        ["a backward hook of a module"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 2), new Adjoint.Nn.Linear(2, 1));
            net[1].RegisterFullBackwardHook((_, gradInput, _) => [.. gradInput.Select(g => g is null ? null : g * 3)]);
            Tensor x = X;
            return Of(((Adjoint.Nn.Linear)net[0]).Weight, () => net.Call(x).Sum());
        }, [0, 0], GraphReason.Ordinary, "a backward hook of a module"),
        ["a hook after a gradient was added"] = new(() =>
        {
            Tensor w = W, x = X;
            w.RegisterPostAccumulateGradHook(leaf => leaf.Grad!.MulInPlace(2));
            return Of(w, () => (x * w).Sum());
        }, [0], GraphReason.Ordinary, "a hook that runs after a gradient was added on w", "no part of this")
        { Truth = 4 },
        ["a function of one's own"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => new Tripled().Apply(x * w).Sum());
        }, [0], GraphReason.Ordinary, "TripledBackward, a function of your own")
        { SaysNot = ["NoGrad", "a way is cut"] },
        ["a function of one's own as the last"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => new Tripled().Apply((x * w).Sum()));
        }, [0], GraphReason.Ordinary, "TripledBackward")
        { SaysNot = ["NoGrad", "a way is cut"] },
        ["a function of one's own on the leaf"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => (new Tripled().Apply(w) * x).Sum() + w.Sum());
        }, [0], GraphReason.Ordinary, "the formulas give 1, the pass 13: TripledBackward, a function of your own, gives the rest")
        { IsOwnCode = true },
        ["a function of one's own that gives nothing back"] = new(() =>
        {
            Tensor w = W, v = W;
            return Of(w, () => new Closed().Apply(w * 2).Sum() + v.Sum());
        }, [0], GraphReason.Missing, "ClosedBackward, a function of your own")
        { SaysNot = ["NoGrad"] },
        ["a function that turns the gradient around"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => new Reversed().Apply(x * w).Sum());
        }, [0], GraphReason.Ordinary, "ReversedBackward"),
        ["a checkpoint"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => Autograd.Checkpoint(x => (x * w).Tanh(), x).Sum());
        }, [0], GraphReason.Ordinary),
        ["what is saved is rounded"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () =>
            {
                using (Autograd.SavedTensorsHooks(t => t, t => ((Tensor)t).Round())) return (x * w + 0.4).Square().Sum();
            });
        }, [0], GraphReason.Ordinary, "saved-tensor hooks")
        { IsOwnCode = true },
    };

    private sealed class Tripled : Function
    {
        protected override Tensor Forward(Tensor x) => x * 3;

        protected override Tensor? Backward(Tensor g) => g * 3;
    }

    private sealed class Closed : Function
    {
        protected override Tensor Forward(Tensor x) => x * 1;

        protected override Tensor? Backward(Tensor g) => null;
    }

    private sealed class Reversed : Function
    {
        protected override Tensor Forward(Tensor x) => x;

        protected override Tensor? Backward(Tensor g) => -g;
    }
}
