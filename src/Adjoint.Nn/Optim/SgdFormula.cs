using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Optim;

/// <summary>The step of a single parameter a along its gradient b, without momentum. It reads the options when it is computed.</summary>
internal readonly struct SgdFormula<T>(SGD optimizer, ParamGroup group) : IScalarFormula<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Value(T a, T b, T c, T d)
    {
        SgdOptions options = Unsafe.As<SgdOptions>(group.Options.Of(optimizer));
        Real<T> x = new(a), g = new(b);
        if (options.Maximize) g = -g;
        if (options.WeightDecay != 0) g += Real<T>.Constant(options.WeightDecay) * x;
        return (x + Real<T>.Constant(-options.Lr) * g).Value;
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
            Step = new ScalarStep<SgdFormula<TNumber>, TNumber>(new SgdFormula<TNumber>(optimizer, group));
    }
}
