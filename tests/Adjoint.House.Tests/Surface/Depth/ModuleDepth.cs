using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Surface.Depth;

/// <summary>Modules in modules, datasets in datasets: what is done with them from outside.</summary>
internal static class ModuleDepth
{
    private const int Deep = 100_000;

    internal static IEnumerable<(string Name, Action Work)> Cases()
    {
        Tensor x = Tensor.From([1.0, 2.0]);
        foreach ((string kind, Func<Module> make) in Kinds())
        {
            // One for all that is done with it; it is made only when the first is.
            var made = new Lazy<Module>(make);
            foreach ((string what, Action<Module> act) in Acts(x)) yield return ($"{kind}: {what}", () => act(made.Value));
        }
        foreach ((string kind, Func<Dataset> make) in Datasets())
        {
            var made = new Lazy<Dataset>(make);
            yield return ($"{kind}: count", () => _ = made.Value.Count);
            yield return ($"{kind}: example", () => _ = made.Value[0]);
            yield return ($"{kind}: batch", () => made.Value.GetBatch([0, 0]));
            yield return ($"{kind}: loader", () => new DataLoader(made.Value).First());
            yield return ($"{kind}: loader, prefetching", () => new DataLoader(made.Value, prefetch: 2).First());
            yield return ($"{kind}: split", () => made.Value.RandomSplit([1.0]));
            yield return ($"{kind}: one more", () => _ = made.Value + made.Value);
        }
    }

    private static Module Nested(Func<Module, Module> around)
    {
        Module net = new Adjoint.Nn.Linear(2, 2, dtype: DType.Float64);
        for (int i = 0; i < Deep; i++) net = around(net);
        return net;
    }

    private static IEnumerable<(string, Func<Module>)> Kinds() =>
    [
        ("module in a module", () => Nested(inner => new Holds(inner))),
            ("module in a module, two inputs", () => Nested(inner => new HoldsTwo(inner))),
        ("module in a list of a module", () => Nested(inner => new HoldsList(inner))),
        ("sequential", () => Nested(inner => new Sequential(inner))),
        ("named sequential", () => Nested(inner => new Sequential(("a", inner)))),
        ("module list", () => Nested(inner => new ModuleList(inner))),
        ("module dictionary", () => Nested(inner => new ModuleDict { ["a"] = inner })),
        ("module and sequential", () => Nested(inner => new Holds(new Sequential(inner)))),
        ("module with hooks", () => Nested(inner =>
        {
            var module = new Holds(inner);
            module.RegisterForwardPreHook((_, _) => null);
            module.RegisterForwardHook((_, _, _) => null);
            module.RegisterFullBackwardHook((_, _, _) => null);
            return module;
        })),
        ("module that holds itself", () => { var own = new Holds(new ReLU()); own.Inner = own; return own; }),
        ("sequential that holds itself", () => { var own = new Sequential(new ReLU()); own.Append(own); return own; }),
    ];

    private static IEnumerable<(string, Action<Module>)> Acts(Tensor x) =>
    [
        ("call", m => m.Call(x)), ("call of two", m => m.Call(x, x)),
        ("call without grad", m => { using (Autograd.NoGrad()) m.Call(x); }),
        ("call and backward", m => m.Call(x.DeepCopy().RequiresGradInPlace()).Sum().Backward()),
        ("checkpoint", m => Autograd.Checkpoint(m.Call, x)), ("jacobian", m => Transforms.Jacobian(m.Call, x)),
        ("jvp", m => Transforms.Jvp(m.Call, x, x)),
        ("parameters", m => m.Parameters().Count()), ("named parameters", m => m.NamedParameters().Count()),
        ("buffers", m => m.Buffers().Count()),
        ("named buffers", m => m.NamedBuffers().Count()), ("children", m => m.Children().Count()),
        ("named children", m => m.NamedChildren().Count()),
        ("modules", m => m.Modules().Count()), ("named modules", m => m.NamedModules().Count()), ("state", m => m.StateDict()),
        ("load", m => m.LoadStateDict(new Adjoint.Nn.Linear(2, 2).StateDict(), strict: false)), ("text", m => m.ToString()),
        ("train", m => m.Train()), ("eval", m => m.Eval()),
        ("zero grad", m => m.ZeroGrad()), ("apply", m => m.Apply(_ => { })), ("to", m => m.To(DType.Float64)),
        ("requires grad", m => m.RequiresGradInPlace()),
        ("vector", m => ParameterVector.From(m.Parameters())), ("optimizer", m => new SGD(m.Parameters(), 0.1)),
        ("hook", m => { using HookHandle _ = m.RegisterForwardHook((_, _, _) => null); m.Call(x); }),
    ];

    private static IEnumerable<(string, Func<Dataset>)> Datasets()
    {
        static Dataset Grow(Func<Dataset, Dataset> around)
        {
            Dataset all = new TensorDataset(Tensor.From([1.0]));
            for (int i = 0; i < Deep; i++) all = around(all);
            return all;
        }
        var one = new TensorDataset(Tensor.From([1.0]));
        return [("concatenation", () => Grow(d => d + one)), ("subset", () => Grow(d => new Subset(d, [0]))),
            ("dataset of a user", () => Grow(d => new Wraps(d))), ("dataset that splits", () => Grow(d => d.RandomSplit([1])[0]))];
    }

    private sealed class Holds(Module inner) : Module
    {
        internal Module Inner = inner;

        protected override Tensor Forward(Tensor input) => Inner.Call(input);
    }

    private sealed class HoldsTwo(Module inner) : Module
    {
        private readonly Module _inner = inner;

        protected override Tensor Forward(Tensor input, Tensor other) => _inner.Call(input, other);
    }

    private sealed class HoldsList(Module inner) : Module
    {
        private readonly List<Module> _inner = [inner];

        protected override Tensor Forward(Tensor input) => _inner[0].Call(input);
    }

    private sealed class Wraps(Dataset inner) : Dataset
    {
        public override int Count => 1;

        public override Tensor[] this[int index] => inner.GetBatch([index]).Tensors.ToArray();
    }
}
