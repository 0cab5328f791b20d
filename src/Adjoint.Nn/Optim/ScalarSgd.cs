using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Optim;

/// <summary>The step of a single parameter a along its gradient b, without momentum. It reads the options when it is computed.</summary>
internal readonly struct ScalarSgd<T>(SGD optimizer, ParamGroup group) : IScalarFormula<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Value(T a, T b, T c, T d)
    {
        SgdNumbers numbers = SGD.Numbers(Unsafe.As<SgdOptions>(group.Options.Of(optimizer)));
        Real<T> x = new(a), unused = default;
        SgdFormula<Real<T>>.Of(numbers, Real<T>.Constant(numbers.Lr)).Step(ref x, new(b), ref unused, hasMomentum: false, first: false);
        return x.Value;
    }

    /// <summary>Makes the step of a dtype.</summary>
    internal static IScalarStep Of(SGD optimizer, ParamGroup group, DType dtype)
    {
        var work = new Work(optimizer, group);
        Dispatch.Floating(dtype, "Step", ref work);
        return work.Step!;
    }

    private struct Work(SGD optimizer, ParamGroup group) : IFloatingWork
    {
        internal IScalarStep? Step { get; private set; }

        public void Run<TNumber>() where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber> =>
            Step = new ScalarStep<ScalarSgd<TNumber>, TNumber>(new ScalarSgd<TNumber>(optimizer, group));
    }
}
