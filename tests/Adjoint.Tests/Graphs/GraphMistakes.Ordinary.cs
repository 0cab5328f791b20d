using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Graphs;

public static partial class GraphMistakes
{
    private static Dictionary<string, GraphMistake> Ordinary() => new()
    {
        ["an ignored label among others"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 0, 2, 0, 1, 3], [2, 3]).RequiresGradInPlace(), x = X, t = Labels(-100, 1);
            return Of(w, () => F.CrossEntropy(x.MatMul(w), t));
        }, [0, 1], GraphReason.Ordinary, "x[1]"),
        ["weights of classes"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 0, 2, 0, 1, 3], [2, 3]).RequiresGradInPlace(), x = X;
            Tensor t = Labels(0, 2), weight = Tensor.From([1f, 2, 3]);
            return Of(w, () => F.CrossEntropy(x.MatMul(w), t, weight));
        }, [0, 1], GraphReason.Ordinary),
        ["smoothed labels"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 0, 2, 0, 1, 3], [2, 3]).RequiresGradInPlace(), x = X, t = Labels(0, -100);
            return Of(w, () => F.CrossEntropy(x.MatMul(w), t, labelSmoothing: 0.2));
        }, [1, 1], GraphReason.Ordinary),
        ["clamped at its bound"] = new(() => { Tensor w = W; return Of(w, () => w.Clamp(1, 5).Sum()); }, [0], GraphReason.Ordinary),
        ["ties of max"] = new(
            () => { Tensor w = Tensor.Ones([4], requiresGrad: true); return Of(w, () => w.Max()); }, [0], GraphReason.Ordinary),
        ["tied weights"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2, 3, 4], [2, 2]).RequiresGradInPlace(), x = X;
            return Of(w, () => x.MatMul(w).Tanh().MatMul(w.T).Square().Mean());
        }, [1, 0], GraphReason.Ordinary, "by use"),
        ["an index with duplicates"] = new(() =>
        {
            Tensor w = Tensor.Ones([3], requiresGrad: true), at = Labels(2, 0, 2, 2), x = Tensor.From([1f, 10, 100, 1000]);
            return Of(w, () => (w[at] * x).Sum());
        }, [2], GraphReason.Huge),
        ["views and expand"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2], [2, 1]).RequiresGradInPlace(), x = Tensor.Ones(2, 3);
            return Of(w, () => (w.Expand(2, 3).T * x.T).Exp().Sum());
        }, [1, 0], GraphReason.Ordinary),
        ["overlapping windows"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2, 3, 4, 5], requiresGrad: true), x = Tensor.From([1f, 10, 100]);
            return Of(w, () => (w.Unfold(0, 3, 1) * x).Sum());
        }, [2], GraphReason.Ordinary),
        ["batch norm that is not trained"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 2), new BatchNorm1d(2));
            net.Eval();
            Tensor x = X;
            return Of(((Adjoint.Nn.Linear)net[0]).Weight, () => net.Call(x).Square().Sum());
        }, [1, 1], GraphReason.Ordinary, "x[0]"),
        ["two passes that add"] = new(() =>
        {
            Tensor w = W, x = X;
            return (w, () => { (x * w).Sum().Backward(); (x * w).Square().Sum().Backward(); });
        }, [0], GraphReason.Ordinary, "by use"),
        ["one graph twice"] = new(() =>
        {
            Tensor w = W, x = X;
            return (w, () =>
            {
                Tensor loss = (x * w).Square().Sum();
                loss.Backward(retainGraph: true);
                loss.Backward();
            }
            );
        }, [0], GraphReason.Ordinary),
        ["a hook, and one graph twice"] = new(() =>
        {
            Tensor w = W, x = X;
            return (w, () =>
            {
                Tensor y = x * w;
                y.RegisterHook(g => g * 2);
                Tensor loss = y.Square().Sum();
                loss.Backward(retainGraph: true);
                loss.Backward();
            }
            );
        }, [0], GraphReason.Ordinary, "a hook on mul1"),
        ["the norm of a gradient"] = new(() =>
        {
            Tensor w = W, x = X.RequiresGradInPlace();
            return (w, () =>
            {
                Tensor g = Autograd.Grad([(x * w).Tanh().Sum()], [x], createGraph: true)[0]!;
                (g.Norm() - 1).Square().Backward();
            }
            );
        }, [0], GraphReason.Ordinary),
        ["weight decay"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => (x * w).Tanh().Sum() + 0.01 * w.Square().Sum());
        }, [0], GraphReason.Ordinary, "by use"),
        ["cleared at the end"] = new(() =>
        {
            Tensor w = W, x = X;
            var optimizer = new SGD([w], 0.1);
            return (w, () =>
            {
                (x * w).Sum().Backward();
                optimizer.Step();
                optimizer.ZeroGrad();
            }
            );
        }, [0], GraphReason.Ordinary, "w.grad is cleared afterwards", "none of it is left")
        { Truth = 4 },
        ["set to 0 at the end"] = new(() =>
        {
            Tensor w = W, x = X;
            w.Grad = Tensor.Zeros(2);
            return (w, () =>
            {
                (x * w).Sum().Backward();
                w.Grad!.ZeroInPlace();
            }
            );
        }, [0], GraphReason.Ordinary, "w.grad is cleared afterwards")
        { Truth = 4 },
        ["cleared at the beginning"] = new(() =>
        {
            Tensor w = W, x = X;
            var optimizer = new SGD([w], 0.1);
            return (w, () =>
            {
                optimizer.ZeroGrad();
                (x * w).Sum().Backward();
                optimizer.Step();
            }
            );
        }, [0], GraphReason.Ordinary)
        { SaysNot = ["cleared"] },
        ["an infinity that a mask keeps out"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2, 3, 4], [2, 2]).RequiresGradInPlace();
            Tensor x = Tensor.From([1f, 2, float.PositiveInfinity, 4], [2, 2]), keep = Tensor.From([true, false], [2, 1]);
            return Of(w, () => x.MatMul(w).MaskedFill(~keep, 0).Sum());
        }, [1, 0], GraphReason.Ordinary),
        ["NaN in another column"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2, 3, 4], [2, 2]).RequiresGradInPlace(), x = X, scale = Tensor.From([float.NaN, 1f]);
            return Of(w, () => (x.MatMul(w) * scale).Sum());
        }, [0, 1], GraphReason.Ordinary),
        ["NaN in another element"] = new(() =>
        {
            Tensor w = W, x = Tensor.From([float.NaN, 3f]);
            return Of(w, () => (w * x).Sum());
        }, [1], GraphReason.Ordinary),
        ["an infinite factor elsewhere, with weights of a norm"] = new(() =>
        {
            Tensor v = Tensor.From([1f, 2, 3, 4], [2, 2]).RequiresGradInPlace(), x = X;
            Tensor s = Tensor.From([1f, float.PositiveInfinity], [2, 1]);
            return Of(v, () => x.MatMul((v * s).T).Select(1, 0).Sum());
        }, [0, 1], GraphReason.Ordinary)
        { SaysNot = ["NaN", "∞"] },
        ["a recurrence with gates"] = new(() =>
        {
            Rng.ManualSeed(3);
            Tensor[] p = [.. Enumerable.Range(0, 4).Select(_ => (Tensor.Randn(2, 2) * 0.7).RequiresGradInPlace())];
            Tensor x = Tensor.Randn(3, 4, 2), w = p[1];
            return Of(w, () =>
            {
                Tensor h = Tensor.Zeros(3, 2);
                for (int t = 0; t < 4; t++)
                {
                    Tensor z = (x[.., t].MatMul(p[0]) + h.MatMul(w)).Sigmoid();
                    h = (1 - z) * (x[.., t].MatMul(p[2]) + h.MatMul(p[3])).Tanh() + z * h;
                }
                return h.Mean();
            });
        }, [0, 1], GraphReason.Ordinary),
        ["attention with a mask of −∞"] = new(() =>
        {
            Rng.ManualSeed(3);
            Tensor q = Tensor.Randn(2, 2).RequiresGradInPlace(), x = Tensor.Randn(3, 2);
            Tensor mask = Tensor.From([false, true, true, false, false, true, false, false, false], [3, 3]);
            return Of(q, () =>
                x.MatMul(q).MatMul(x.T).MaskedFill(mask, double.NegativeInfinity).Softmax(1).MatMul(x).Square().Sum());
        }, [0, 1], GraphReason.Ordinary)
        { SaysNot = ["NaN"] },
        ["in double precision"] = new(() =>
        {
            Tensor w = Tensor.From([0.1, 0.2], requiresGrad: true), x = Tensor.From([0.3, 0.7, 0.9, 0.4], [2, 2]);
            return Of(w, () => (x * w).Sin().Sum());
        }, [1], GraphReason.Ordinary),
        ["from one dtype to another"] = new(() =>
        {
            Tensor w = W, x = Tensor.From([0.3, 0.7]);
            return Of(w, () => (w.To(DType.Float64) * x).Sum());
        }, [1], GraphReason.Ordinary),
        ["a clone, a contiguous copy, a flip"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2, 3, 4], [2, 2]).RequiresGradInPlace(), x = X;
            return Of(w, () => (w.T.Contiguous().Clone().Flip(0) * x).Sum());
        }, [0, 1], GraphReason.Ordinary),
        ["a product of itself"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2, 3, 4], [2, 2]).RequiresGradInPlace();
            return Of(w, () => w.MatMul(w).Sum());
        }, [0, 1], GraphReason.Ordinary),
        ["a scatter"] = new(() =>
        {
            Tensor w = W, at = Labels(1, 1), x = Tensor.From([1f, 10, 100]);
            return Of(w, () => (Tensor.Zeros(3).ScatterAdd(0, at, w) * x).Sum());
        }, [0], GraphReason.Ordinary),
        ["an outer product"] = new(() =>
        {
            Tensor w = W, x = Tensor.From([3f, 5f]);
            return Of(w, () => (w.Unsqueeze(1) * x).Square().Sum());
        }, [0], GraphReason.Ordinary),
        ["two leaves in one memory"] = new(() =>
        {
            Tensor w = W, twin = w.Detach().RequiresGradInPlace();
            return Of(twin, () => (w * 2).Sum() + (twin * 3).Square().Sum());
        }, [1], GraphReason.Ordinary, "is 36")
        { IsByLeaf = true },
        ["a leaf within a larger memory"] = new(() =>
        {
            Tensor all = Tensor.Arange(0, 6, dtype: DType.Float32), part = all[2..4].Detach().RequiresGradInPlace(), x = X;
            return Of(part, () => (x * part).Square().Sum());
        }, [1], GraphReason.Ordinary),
        ["a leaf that lies transposed"] = new(() =>
        {
            Tensor w = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3]).T.Detach().RequiresGradInPlace(), x = X;
            return Of(w, () => w.MatMul(x).Tanh().Sum() + x.MatMul(w.T).Sin().Sum());
        }, [2, 1], GraphReason.Ordinary),
        ["passes for some and for all"] = new(() =>
        {
            Tensor w = W, v = W;
            return (w, () =>
            {
                (w * v).Sum().Backward(inputs: [v]);
                (w * v * 10).Sum().Backward();
            }
            );
        }, [1], GraphReason.Ordinary, "is 20"),
        ["what is looked at besides"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () =>
            {
                Tensor y = x * w;
                using (Autograd.NoGrad()) _ = (y.Max() - y.Min()) / w.Norm();
                return y.Square().Mean();
            });
        }, [1], GraphReason.Ordinary)
        { SaysNot = ["cut"] },
        ["a norm of layers"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 3), new LayerNorm([3]), new Tanh());
            Tensor x = X, t = Tensor.From([1f, 0, 2, 0, 1, 0], [2, 3]);
            return Of(((Adjoint.Nn.Linear)net[0]).Weight, () => (net.Call(x) * t).Sum());
        }, [1, 1], GraphReason.Ordinary, "x[1]"),
        ["batch norm that is trained"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 3), new BatchNorm1d(3), new ReLU());
            Tensor x = Tensor.From([1f, -2f, 3f, 0.5f, 2f, 2f], [3, 2]), t = Tensor.From([1f, 0, 2, 0, 1, 0, 1, 1, 1], [3, 3]);
            return Of(((Adjoint.Nn.Linear)net[0]).Weight, () => (net.Call(x) * t).Sum());
        }, [1, 1], GraphReason.Ordinary, "x[1]"),
        ["cumulative sums, powers and a sort"] = new(() =>
        {
            Tensor w = Tensor.From([3f, 1f, 2f], requiresGrad: true), x = Tensor.From([1f, 10f, 100f]);
            return Of(w, () => (w.Sort().Values.CumSum(0).Pow(2) * x).Sum());
        }, [1], GraphReason.Huge),
        ["masked choice"] = new(() =>
        {
            Tensor w = Tensor.From([3f, 1f, 2f], requiresGrad: true), mask = Tensor.From([true, false, true]);
            return Of(w, () => w.MaskedSelect(mask).Square().Sum());
        }, [2], GraphReason.Ordinary),
        ["averaged over the batch in the bias"] = new(() =>
        {
            var layer = new Adjoint.Nn.Linear(2, 2);
            Tensor x = X, t = Tensor.Ones(2, 2);
            return Of(layer.Bias!, () => F.MseLoss(layer.Call(x), t));
        }, [1], GraphReason.Ordinary, "∂addmm1[0, 1]/∂bias[1]"),
    };
}
