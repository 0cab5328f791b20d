using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Optim;

/// <summary>The step of a single parameter a along its gradient b, without momentum. It reads the options when it is computed.</summary>
internal readonly struct ScalarSgd<T>(SGD optimizer, ParamGroupOptions options) : IScalarFormula<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StrongBox<Told?> _told = new();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Value(T a, T b, T c, T d)
    {
        object record = options.Of(optimizer);
        Told told = _told.Value is { } known && ReferenceEquals(known.Record, record) ? known : Read(record);
        Real<T> x = new(a), unused = default;
        told.Formula.Step(ref x, new(b), ref unused, hasMomentum: false, first: false);
        return x.Value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Told Read(object record)
    {
        SgdNumbers numbers = SGD.Numbers((SgdOptions)record);
        return _told.Value = new Told(record, SgdFormula<Real<T>>.Of(numbers, Real<T>.Constant(numbers.Lr)));
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
            Step = new ScalarStep<ScalarSgd<TNumber>, TNumber>(new ScalarSgd<TNumber>(optimizer, group.Options));
    }

    /// <summary>What the options say, which a record does for good.</summary>
    private sealed class Told(object record, SgdFormula<Real<T>> formula)
    {
        internal readonly SgdFormula<Real<T>> Formula = formula;

        internal object Record => record;
    }
}
