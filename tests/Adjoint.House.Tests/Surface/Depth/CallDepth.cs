using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Symbolic;

namespace Adjoint.Tests.Surface.Depth;

/// <summary>Functions of the user's that the library calls, and that call the library again.</summary>
internal static class CallDepth
{
    private const int Deep = 100_000;

    /// <summary>Each is called with what it is to call in turn.</summary>
    internal static IEnumerable<(string Name, Action Work)> Cases()
    {
        foreach ((string name, Action<Action> call) in Callers())
        {
            yield return ($"calls in calls: {name}", () =>
            {
                int left = Deep;
                void Again()
                {
                    using GradScope _ = Autograd.EnableGrad();      // hooks and functions run without
                    if (left-- > 0) call(Again);
                }
                Again();
            }
            );
        }
    }

    private static IEnumerable<(string, Action<Action>)> Callers()
    {
        Tensor x = Tensor.From([1.0]);
        Tensor leaf() => Tensor.From([1.0], requiresGrad: true);
        Tensor Of(Action f, Tensor t) { f(); return t * 1.0; }
        double At(Action f, double at) { f(); return at; }
        Module net = new Adjoint.Nn.Linear(1, 1, dtype: DType.Float64);
        Optimizer Sgd() => new SGD(net.Parameters(), 0.1);
        return
        [
            ("module", f => new Calls(f).Call(x)), ("module with two inputs", f => new Calls(f).Call(x, x)),
                ("sequential", f => new Sequential(new Calls(f)).Call(x)),
            ("forward hook",
                f => { var m =
                    new Adjoint.Nn.Linear(1, 1, dtype: DType.Float64); m.RegisterForwardHook((_, _, _) => { f(); return null; });
                    m.Call(x); }),
            ("forward pre-hook",
                f => { var m =
                    new Adjoint.Nn.Linear(1, 1, dtype: DType.Float64); m.RegisterForwardPreHook((_, _) => { f(); return null; });
                    m.Call(x); }),
            ("full backward hook",
                f => { var m =
                    new Adjoint.Nn.Linear(1, 1, dtype: DType.Float64); m.RegisterFullBackwardHook((_, _, _) => { f(); return null; });
                    m.Call(leaf()).Sum().Backward(); }),
            ("apply", f => net.Apply(_ => f())),
            ("function", f => new Runs(f, null).Apply(leaf())),
            ("function's backward", f => new Runs(null, f).Apply(leaf()).Sum().Backward()),
            ("tensor hook", f => { Tensor a = leaf(), y = a * 2.0; y.RegisterHook(_ => f()); y.Sum().Backward(); }),
            ("post-accumulate hook", f => { Tensor a = leaf(); a.RegisterPostAccumulateGradHook(_ => f()); a.Sum().Backward(); }),
            ("node hook", f => { Tensor y = leaf().Sum(); y.GradFn!.RegisterHook((_, _) => { f(); return null; }); y.Backward(); }),
            ("node pre-hook", f => { Tensor y = leaf().Sum(); y.GradFn!.RegisterPreHook(_ => { f(); return null; }); y.Backward(); }),
            ("multi-grad hook", f => { Tensor a = leaf(); Autograd.RegisterMultiGradHook([a], _ => f()); a.Sum().Backward(); }),
            ("pack", f => { using (Autograd.SavedTensorsHooks(t => { f(); return t; }, t => (Tensor)t)) leaf().Sin(); }),
            ("unpack", f =>
            {
                Tensor y;
                using (Autograd.SavedTensorsHooks(t => t, t => { f(); return (Tensor)t; })) y = leaf().Sin();
                y.Sum().Backward();
            }),
            ("saved for backward", f => Autograd.SavedForBackward(() => { f(); return leaf().Sin(); })),
            ("checkpoint", f => Autograd.Checkpoint(t => Of(f, t), x)),
            ("checkpoint of several", f => Autograd.Checkpoint((IReadOnlyList<Tensor> t) => { f(); return t; }, [x])),
            ("checkpoint of parts", f => Autograd.CheckpointSequential([t => Of(f, t)], 1, x)),
            ("checkpoint, again", f =>
            {
                int runs = 0;
                Autograd.Checkpoint(t => { if (runs++ == 1) f(); return t.Sin(); }, leaf()).Sum().Backward();
            }),
            ("mode", f => { using (new Sees(f).Enter()) _ = x * 2.0; }),
            ("gradient", f => Transforms.ValueAndGrad(t => Of(f, t).Sum(), x)), ("vjp", f => Transforms.Vjp(t => Of(f, t), x)),
            ("jvp", f => Transforms.Jvp(t => Of(f, t), x, x)),
            ("jacobian", f => Transforms.Jacobian(t => Of(f, t), x)), ("hessian", f => Transforms.Hessian(t => Of(f, t).Sum(), x)),
            ("hvp", f => Transforms.Hvp(t => Of(f, t).Sum(), x, x)), ("vhp", f => Transforms.Vhp(t => Of(f, t).Sum(), x, x)),
            ("laplacian", f => Transforms.Laplacian(t => Of(f, t).Sum(), x)), ("divergence", f => Transforms.Divergence(t => Of(f, t), x)),
            ("gradient check", f => GradCheck.Run(t => Of(f, t), leaf())),
            ("second gradient check", f => GradCheck.RunSecondOrder(t => Of(f, t), leaf())),
            .. Enum.GetValues<NumericMethod>()
            .Select(m => ($"numeric {m}", (Action<Action>)(f => Numeric.Derivative(at => At(f, at), 1, m)))),
            ("numeric kink", f => Numeric.KinkAt(at => At(f, at), 1)),
            ("numeric gradient", f => Numeric.Gradient((double[] at) => At(f, at[0]), [1.0])),
            ("numeric gradient of a tensor", f => Numeric.Gradient(t => Of(f, t).Sum(), x)),
            ("numeric Jacobian of a tensor", f => Numeric.Jacobian(t => Of(f, t), x)),
            ("numeric partial", f => Numeric.Partial(at => At(f, at[0]), [1.0], 0)), ("error curve", f => ErrorCurve.Of(new One(f), 1)),
            ("scalar value", f => Scalar.Value(new One(f), 1)), ("scalar derivative", f => Scalar.Derivative(new One(f), 1)),
            ("scalar derivative of a lambda", f => Scalar.Derivative(d => { f(); return d; }, 1)),
            ("scalar derivatives", f => Scalar.Derivatives(new One(f), 1, 3)),
            ("scalar second derivative", f => Scalar.Forward.SecondDerivative(new One(f), 1)),
            ("scalar reverse derivative", f => Scalar.Reverse.Derivative(new One(f), 1)),
            ("scalar gradient", f => Scalar.Gradient(new Many(f), [1.0])),
            ("scalar gradient of a lambda", f => Scalar.Gradient(v => { f(); return v[0]; }, [1.0])),
            ("scalar value of many", f => Scalar.Value(new Many(f), [1.0])),
            ("scalar forward gradient", f => Scalar.Forward.Gradient(new Many(f), [1.0])),
            ("scalar direction", f => Scalar.Forward.DirectionalDerivative(new Many(f), [1.0], [1.0])),
            ("scalar Hessian", f => Scalar.Hessian(new Many(f), [1.0])), ("scalar hvp", f => Scalar.Hvp(new Many(f), [1.0], [1.0])),
            ("scalar values", f => Scalar.Values(new Several(f), [1.0])), ("scalar Jacobian", f => Scalar.Jacobian(new Several(f), [1.0])),
            ("scalar reverse Jacobian", f => Scalar.Reverse.Jacobian(new Several(f), [1.0])),
            ("scalar jvp", f => Scalar.Forward.Jvp(new Several(f), [1.0], [1.0])),
            ("scalar vjp", f => Scalar.Reverse.Vjp(new Several(f), [1.0], [1.0])),
            ("formula of a function", f => Expr.Of(v => { f(); return v; }, "x")),
            ("formula of two", f => Expr.Of((v, w) => { f(); return v + w; }, "x", "y")),
            ("formula of many", f => Expr.Of(new Many(f), "x")), ("counting", f => Counting.Operations(f)),
            ("read", f => x.Read<double>(_ => f())), ("read to a result", f => x.Read<double, int>(_ => { f(); return 0; })),
            ("write", f => Tensor.Zeros(1).Write<float>(_ => f())),
            ("write with a state", f => Tensor.Zeros(1).Write<float, int>(0, (_, _) => f())),
            ("read with a state", f => x.Read<double, int, int>(0, (_, _) => { f(); return 0; })),
            ("closure", f => Sgd().Step(() => { f(); return x; })),
            ("lambda of a schedule", f => new LambdaLR(Sgd(), _ => At(f, 1))),
            ("multiplier of a schedule", f => { var s = new MultiplicativeLR(Sgd(), _ => At(f, 1)); s.Step(); }),
            ("schedule of a user", f => new Schedule(f, Sgd()).Step()),
            ("chained schedules", f => new ChainedScheduler(new Schedule(f, Sgd())).Step()),
            ("dataset", f => new Asked(f).GetBatch([0])), ("dataset by a loader", f => new DataLoader(new Asked(f)).First()),
            ("dataset by a subset", f => _ = new Subset(new Asked(f), [0])[0]),
            ("dataset in a concatenation", f => _ = (new Asked(f) + new Asked(f))[0]),
            ("count of a dataset", f => _ = new ConcatDataset(new Counted(f)).Count),
            ("all of a dataset", f => new Asked(f).All()),
            ("sampler", f => new DataLoader(new Asked(() => { }), sampler: new Samples(f)).First()),
            ("batches of a sampler", f => new BatchSampler(new Samples(f), 1).First()),
            ("data of a file",
                f => SafeTensorsWriter.Write(Stream.Null, [new SafeTensorsItem("a", "U8", [1], () => { f(); return new byte[1]; })])),
        ];
    }

    private sealed class Calls(Action f) : Module
    {
        protected override Tensor Forward(Tensor input)
        {
            f();
            return input;
        }

        protected override Tensor Forward(Tensor input, Tensor other) => Forward(input);
    }

    private sealed class Runs(Action? forward, Action? backward) : Function
    {
        protected override Tensor Forward(Tensor x)
        {
            forward?.Invoke();
            return x * 1.0;
        }

        protected override Tensor? Backward(Tensor g)
        {
            backward?.Invoke();
            return g;
        }
    }

    private sealed class Sees(Action f) : OpMode
    {
        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            f();
            return call.Run();
        }
    }

    private readonly struct One(Action f) : IUnaryFunction
    {
        public V Invoke<V>(V x) where V : IAlgebra<V>
        {
            f();
            return x * x;
        }
    }

    private readonly struct Many(Action f) : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
        {
            f();
            return x[0] * x[0];
        }
    }

    private readonly struct Several(Action f) : IVectorFunction
    {
        public int Outputs => 1;

        public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
        {
            f();
            y[0] = x[0];
        }
    }

    private sealed class Schedule(Action f, Optimizer optimizer) : LRScheduler(optimizer)
    {
        protected override double Next(double lr, double baseLr, int epoch, int group)
        {
            f();
            return lr;
        }
    }

    private sealed class Asked(Action f) : Dataset
    {
        public override int Count => 1;

        public override Tensor[] this[int index]
        {
            get
            {
                f();
                return [Tensor.Scalar(1.0)];
            }
        }
    }

    private sealed class Counted(Action f) : Dataset
    {
        public override int Count
        {
            get
            {
                f();
                return 1;
            }
        }

        public override Tensor[] this[int index] => [Tensor.Scalar(1.0)];
    }

    private sealed class Samples(Action f) : Sampler
    {
        public override int Count => 1;

        public override IEnumerator<int> GetEnumerator()
        {
            f();
            yield return 0;
        }
    }
}
