using Adjoint.Optim;

namespace Adjoint.Tests.Optim;

/// <summary>The fused rules have the bits of the same steps as operations on tensors, one after the other.</summary>
public class RuleBitsTests
{
    private sealed class State
    {
        private readonly Dictionary<string, Tensor> _tensors = [];

        internal double Count { get; set; }

        internal double Product { get; set; } = 1;

        internal Tensor Of(string name, Tensor p) => _tensors.TryGetValue(name, out Tensor? t) ? t
            : _tensors[name] = Tensor.Zeros(p.Shape, p.DType);
    }

    private static Tensor Decayed(Tensor p, Tensor g, double decay, bool maximize = false)
    {
        if (maximize) g = -g;
        return decay == 0 ? g : g.Add(p, decay);
    }

    private static readonly Dictionary<string, (Func<Tensor, Optimizer> Make, Action<Tensor, Tensor, State> Step)> s_rules = new()
    {
        ["adadelta"] = (p => new Adadelta([p], 0.7, 0.8, 1e-5, 0.1), (p, g, s) =>
        {
            g = Decayed(p, g, 0.1);
            Tensor square = s.Of("v", p).MulInPlace(0.8).AddInPlace(g * g, 1 - 0.8), moved = s.Of("u", p);
            Tensor delta = (moved + 1e-5).SqrtInPlace().DivInPlace((square + 1e-5).SqrtInPlace()).MulInPlace(g);
            moved.MulInPlace(0.8).AddInPlace(delta * delta, 1 - 0.8);
            p.SubInPlace(delta, 0.7);
        }
        ),
        ["adagrad"] = (p => new Adagrad([p], 0.1, 0.3, 0.1, 0.25, 1e-9, maximize: true), (p, g, s) =>
        {
            g = Decayed(p, g, 0.1, true);
            if (s.Count == 1) s.Of("sum", p).AddInPlace(0.25);
            Tensor sum = s.Of("sum", p).AddInPlace(g * g);
            p.SubInPlace(g / sum.Sqrt().AddInPlace(1e-9), 0.1 / (1 + (s.Count - 1) * 0.3));
        }
        ),
        ["rmsprop"] = (p => new RMSprop([p], 0.02, 0.9, 1e-7, 0.1, 0.5, centered: true), (p, g, s) =>
        {
            g = Decayed(p, g, 0.1);
            Tensor square = s.Of("v", p).MulInPlace(0.9).AddInPlace(g * g, 1 - 0.9), mean = s.Of("m", p).MulInPlace(0.9).AddInPlace(g, 1 - 0.9);
            Tensor step = g / (square - mean * mean).Sqrt().AddInPlace(1e-7);
            p.SubInPlace(s.Of("b", p).MulInPlace(0.5).AddInPlace(step), 0.02);
        }
        ),
        ["nadam"] = (p => new NAdam([p], 0.01, (0.8, 0.95), 1e-7, 0.1, 0.02), (p, g, s) =>
        {
            g = Decayed(p, g, 0.1);
            double mu = 0.8 * (1 - 0.5 * Math.Pow(0.96, s.Count * 0.02)), next = 0.8 * (1 - 0.5 * Math.Pow(0.96, (s.Count + 1) * 0.02));
            s.Product *= mu;
            Tensor mean = s.Of("m", p).MulInPlace(0.8).AddInPlace(g, 1 - 0.8), square = s.Of("v", p).MulInPlace(0.95).AddInPlace(g * g, 1 - 0.95);
            Tensor divisor = (square / (1 - Math.Pow(0.95, s.Count))).SqrtInPlace().AddInPlace(1e-7);
            p.SubInPlace(g / divisor, 0.01 * (1 - mu) / (1 - s.Product));
            p.SubInPlace(mean / divisor, 0.01 * next / (1 - s.Product * next));
        }
        ),
        ["radam"] = (p => new RAdam([p], 0.01, (0.8, 0.95), 1e-7, 0.1), (p, g, s) =>
        {
            g = Decayed(p, g, 0.1);
            double most = 2 / (1 - 0.95) - 1, t = s.Count, correction = 1 - Math.Pow(0.95, t);
            Tensor mean = s.Of("m", p).MulInPlace(0.8).AddInPlace(g, 1 - 0.8), square = s.Of("v", p).MulInPlace(0.95).AddInPlace(g * g, 1 - 0.95);
            double rate = 0.01 / (1 - Math.Pow(0.8, t)), rho = most - 2 * t * Math.Pow(0.95, t) / correction;
            if (rho <= 5)
            {
                p.SubInPlace(mean, rate);
                return;
            }
            double rectification = Math.Sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho));
            p.SubInPlace(mean / square.Sqrt().AddInPlace(1e-7), rate * rectification * Math.Sqrt(correction));
        }
        ),
        ["adamax"] = (p => new Adamax([p], 0.01, (0.8, 0.95), 1e-7, 0.1), (p, g, s) =>
        {
            g = Decayed(p, g, 0.1);
            Tensor mean = s.Of("m", p).MulInPlace(0.8).AddInPlace(g, 1 - 0.8), largest = s.Of("u", p);
            largest.CopyInPlace((largest * 0.95).Maximum(g.Abs() + 1e-7));
            p.SubInPlace(mean / largest, 0.01 / (1 - Math.Pow(0.8, s.Count)));
        }
        ),
    };

    public static TheoryData<string, DType, bool> Rules
    {
        get
        {
            var all = new TheoryData<string, DType, bool>();
            foreach (string name in s_rules.Keys)
                foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
                    foreach (bool transposed in (bool[])[false, true]) all.Add(name, dtype, transposed);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_has_the_bits_of_its_steps_on_tensors(string name, DType dtype, bool transposed)
    {
        Tensor Leaf()
        {
            Tensor x = Tensor.Randn([7, 13], dtype, generator: new Generator(3));
            return (transposed ? x.T : x).Detach().RequiresGradInPlace();
        }
        Tensor p = Leaf(), q = Leaf();
        var generator = new Generator(4);
        Optimizer optimizer = s_rules[name].Make(p);
        var state = new State();
        for (int i = 0; i < 40; i++)
        {
            Tensor g = Tensor.Randn(p.Shape, dtype, generator: generator);
            if (i % 7 == 0) g[2] = double.NaN;
            if (i % 5 == 0) g[1] = 0.0;
            (p.Grad, q.Grad) = (g, g.Clone());
            optimizer.Step();
            using Unrecorded _ = Unrecorded.Begin();
            state.Count++;
            s_rules[name].Step(q.Detach(), g, state);
            Known(p).ElementsEqual(Known(q)).ShouldBeTrue($"step {i + 1}");
        }
    }

    // A NaN is a NaN.
    private static Tensor Known(Tensor x) => x.Detach().MaskedFill(x.Detach().IsNaN(), 12.5);
}
