using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Graphs;

/// <summary>Models as people put them together, and what goes wrong in between.</summary>
public static partial class GraphMistakes
{
    private static Dictionary<string, GraphMistake> Models() => new()
    {
        ["a residual whose branch is detached"] = new(() =>
        {
            Adjoint.Nn.Linear first = new(3, 3), second = new(3, 3);
            Tensor x = Tensor.Randn(4, 3);
            return Of(first.Weight, () =>
            {
                Tensor h = first.Call(x).Tanh();
                return (h + second.Call(h.Detach())).Square().Mean();
            });
        }, [1, 2], GraphReason.Ordinary, "a way is cut", "gets tanh1 detached"),
        ["a branch behind a gate of 0"] = new(() =>
        {
            Adjoint.Nn.Linear layer = new(3, 3);
            Tensor gate = Tensor.Scalar(0f, requiresGrad: true), x = Tensor.Randn(4, 3);
            return Of(layer.Weight, () => (x + gate * layer.Call(x).Tanh()).Square().Mean());
        }, [1, 2], GraphReason.Zero, "multiplied by 0, of gate"),
        ["a residual in place"] = new(() =>
        {
            Adjoint.Nn.Linear layer = new(3, 3);
            Tensor x = Tensor.Randn(4, 3);
            return Of(layer.Weight, () =>
            {
                Tensor h = layer.Call(x);
                h.AddInPlace(x).TanhInPlace();
                return h.Square().Mean();
            });
        }, [1, 2], GraphReason.Ordinary, "x["),
        ["a layer that is called twice"] = new(() =>
        {
            Adjoint.Nn.Linear layer = new(3, 3);
            Tensor x = Tensor.Randn(4, 3);
            return Of(layer.Weight, () => layer.Call(layer.Call(x).Tanh()).Square().Mean());
        }, [1, 2], GraphReason.Ordinary, "by use", "by path"),
        ["words in and words out by one table"] = new(() =>
        {
            var rows = new Embedding(6, 3);
            Tensor words = Labels(1, 4, 4), next = Labels(4, 4, 2);
            return Of(rows.Weight, () => F.CrossEntropy(rows.Call(words).MatMul(rows.Weight.T), next));
        }, [4, 1], GraphReason.Ordinary, "by use", "embedding1"),
        ["a frozen body under a head"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new Tanh(), new Adjoint.Nn.Linear(4, 2));
            foreach (Tensor p in net[0].Parameters()) p.RequiresGradInPlace(false);
            Tensor x = Tensor.Randn(5, 3);
            return Of(Of(net, 2), () => net.Call(x).Square().Mean());
        }, [1, 2], GraphReason.Ordinary),
        ["a body under a frozen head"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new Tanh(), new Adjoint.Nn.Linear(4, 2));
            foreach (Tensor p in net[2].Parameters()) p.RequiresGradInPlace(false);
            Tensor x = Tensor.Randn(5, 3);
            return Of(Of(net, 0), () => net.Call(x).Square().Mean());
        }, [1, 2], GraphReason.Ordinary, "x["),
        ["layers behind a checkpoint"] = new(() =>
        {
            Adjoint.Nn.Linear first = new(3, 4), second = new(4, 2);
            Tensor x = Tensor.Randn(5, 3);
            return Of(first.Weight, () => Autograd.Checkpoint(x => second.Call(first.Call(x).Tanh()), x).Square().Mean());
        }, [1, 2], GraphReason.Ordinary, "x[")
        { SaysNot = ["Checkpoint"] },
        ["the length of weights by a norm"] = new(() =>
        {
            Adjoint.Nn.Linear layer = new(3, 2);
            Parametrizations.WeightNorm(layer);
            Tensor x = Tensor.Randn(5, 3);
            return Of(Of(layer, 1), () => layer.Call(x).Square().Mean());
        }, [1, 0], GraphReason.Ordinary, "x["),
        ["the direction of weights by a norm"] = new(() =>
        {
            Adjoint.Nn.Linear layer = new(3, 2);
            Parametrizations.WeightNorm(layer);
            Tensor x = Tensor.Randn(5, 3);
            return Of(Of(layer, 2), () => layer.Call(x).Square().Mean());
        }, [1, 2], GraphReason.Ordinary, "x["),
        ["the direction of weights that are 0"] = new(() =>
        {
            Adjoint.Nn.Linear layer = new(3, 2);
            Parametrizations.WeightNorm(layer);
            using (Autograd.NoGrad()) Of(layer, 2).ZeroInPlace();
            Tensor x = Tensor.Randn(5, 3);
            return Of(Of(layer, 2), () => layer.Call(x).Square().Mean());
        }, [1, 2], GraphReason.NotFinite),
        ["clipped to the norm 0"] = new(() =>
        {
            Tensor w = W, x = X;
            return (w, () =>
            {
                w.Grad = null;
                (x * w).Sum().Backward();
                Gradients.ClipNorm([w], 0);
            }
            );
        }, [0], GraphReason.Ordinary, "besides:", "mul_(w.grad, clamp1) changes it afterwards")
        { Truth = 4 },
        ["scaled beyond what floats hold"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => (x * w).Square().Sum() * 1e38f * 1e3f);
        }, [0], GraphReason.NotFinite, "∞"),
        ["scaled by 2 to the 60th"] = new(() =>
        {
            Adjoint.Nn.Linear layer = new(3, 2);
            Tensor x = Tensor.Randn(5, 3);
            return Of(layer.Weight, () => layer.Call(x).Square().Mean() * Math.Pow(2, 60));
        }, [1, 2], GraphReason.Huge, "1.152922E+18", "mul1"),
        ["the mean of what no mask chose"] = new(() =>
        {
            Tensor w = W, x = X, none = Tensor.From([false, false, false, false], [2, 2]);
            return Of(w, () => (x * w).MaskedSelect(none).Mean() + w.Sum() * 0);
        }, [0], GraphReason.Zero),
        ["the mean of what no mask chose, by where"] = new(() =>
        {
            Tensor w = W, x = X, none = Tensor.From([false, false, false, false], [2, 2]);
            return Of(w, () => Tensor.Where(none, x * w, Tensor.Zeros(2, 2)).Sum() / none.To(DType.Float32).Sum());
        }, [0], GraphReason.Zero, "not chosen by none"),
        ["divided by a norm of 0"] = new(() =>
        {
            Tensor w = Tensor.Zeros(3).RequiresGradInPlace(), x = Tensor.From([1f, 2f, 3f]);
            return Of(w, () => (w / w.Norm() * x).Sum());
        }, [1], GraphReason.NotFinite, "div (div1) first made"),
        ["the spread of one number"] = new(() =>
        {
            Tensor w = Tensor.Scalar(1f, requiresGrad: true), x = Tensor.Ones(1);
            return Of(w, () => (x * w).Std());
        }, [], GraphReason.NotFinite, "std"),
        ["classes that all weigh nothing"] = new(() =>
        {
            Tensor w = Tensor.Ones([2, 3], requiresGrad: true), x = X, t = Labels(1, 1), weight = Tensor.From([1f, 0, 1]);
            return Of(w, () => F.CrossEntropy(x.MatMul(w), t, weight));
        }, [0, 1], GraphReason.NotFinite, "nll_loss"),
        ["a root of what is negative"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => (x * w).Pow(0.5).Sum());
        }, [1], GraphReason.NotFinite, "pow (pow1) first made", "NaN"),
        ["clamped after it was infinite"] = new(() =>
        {
            Tensor w = W, x = X;
            return Of(w, () => (x * w * 100).Exp().Clamp(max: 10).Sum());
        }, [0], GraphReason.NotFinite),
        ["rounded straight through"] = new(() =>
        {
            Tensor w = Tensor.From([1.3f, 2.6f], requiresGrad: true), x = X;
            return Of(w, () => (x * (w + (w.Round() - w).Detach())).Sum());
        }, [0], GraphReason.Ordinary, "a way is cut"),
        ["a softmax under cross-entropy"] = new(() =>
        {
            Adjoint.Nn.Linear layer = new(3, 2);
            Tensor x = Tensor.Randn(4, 3), t = Labels(0, 1, 1, 0);
            return Of(layer.Weight, () => F.CrossEntropy(layer.Call(x).Softmax(1), t));
        }, [1, 2], GraphReason.Ordinary, "x["),
        ["what a metric alone reads"] = new(() =>
        {
            Adjoint.Nn.Linear body = new(3, 2), judge = new(2, 1);
            Tensor x = Tensor.Randn(4, 3);
            return Of(judge.Weight, () =>
            {
                Tensor h = body.Call(x);
                using (Autograd.NoGrad()) _ = judge.Call(h).Mean();
                return h.Square().Sum();
            });
        }, [0, 1], GraphReason.Missing, "NoGrad()"),
        ["a penalty on a gradient"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new Tanh(), new Adjoint.Nn.Linear(4, 1));
            Tensor x = Tensor.Randn(5, 3).RequiresGradInPlace();
            return (Of(net, 0), () =>
            {
                net.ZeroGrad();
                Tensor y = net.Call(x).Sum();
                Tensor g = Autograd.Grad([y], [x], createGraph: true)[0]!;
                (y + (g.Norm() - 1).Square()).Backward();
            }
            );
        }, [1, 2], GraphReason.Ordinary),
        ["a penalty on a gradient that nobody recorded"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new Tanh(), new Adjoint.Nn.Linear(4, 1));
            Tensor x = Tensor.Randn(5, 3).RequiresGradInPlace();
            return (Of(net, 0), () =>
            {
                net.ZeroGrad();
                Tensor y = net.Call(x).Sum();
                Tensor g = Autograd.Grad([y], [x], retainGraph: true)[0]!;
                (y + (g.Norm() - 1).Square()).Backward();
            }
            );
        }, [1, 2], GraphReason.Ordinary, "a way is cut", "createGraph"),
        ["a product with the Hessian"] = new(() =>
        {
            Tensor w = W, x = X, v = Tensor.From([1f, -1f]);
            return (w, () =>
            {
                w.Grad = null;
                Tensor g = Autograd.Grad([(x * w).Tanh().Square().Sum()], [w], createGraph: true)[0]!;
                (g * v).Sum().Backward();
            }
            );
        }, [1], GraphReason.Ordinary),
        ["the start of an inner step"] = new(() =>
        {
            Tensor w = W, x = X, z = Tensor.From([0.5f, 1f, -1f, 2f], [2, 2]);
            return (w, () =>
            {
                w.Grad = null;
                Tensor g = Autograd.Grad([(x * w).Tanh().Square().Sum()], [w], createGraph: true)[0]!;
                (z * (w - 0.1 * g)).Tanh().Square().Mean().Backward();
            }
            );
        }, [1], GraphReason.Ordinary),
        ["the start of an inner step of the first order"] = new(() =>
        {
            Tensor w = W, x = X, z = Tensor.From([0.5f, 1f, -1f, 2f], [2, 2]);
            return (w, () =>
            {
                w.Grad = null;
                Tensor g = Autograd.Grad([(x * w).Tanh().Square().Sum()], [w])[0]!;
                (z * (w - 0.1 * g)).Tanh().Square().Mean().Backward();
            }
            );
        }, [1], GraphReason.Ordinary, "a way is cut", "createGraph"),
    };
}
