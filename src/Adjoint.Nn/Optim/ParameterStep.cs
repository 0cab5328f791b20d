using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>A kernel that changes a parameter along its gradient.</summary>
internal interface IParameterStep
{
    /// <summary>The name of the step as an operation: <c>sgd_step</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Changes the parameter.</summary>
    void Run<T>(Span<T> parameter, ReadOnlySpan<T> gradient) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Gives kernels the elements of parameters and gradients, whatever their layout.</summary>
internal static class ParameterStep
{
    internal static void Apply<TStep>(Tensor parameter, Tensor gradient, TStep step) where TStep : struct, IParameterStep
    {
        if (Door.IsWatched(Here.Now)) Watched(parameter, gradient, step);
        else Run(parameter, gradient, step);
    }

    // By itself: what a call of a mode takes on the stack, plain calls would clear at every step.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Watched<TStep>(Tensor parameter, Tensor gradient, TStep step) where TStep : struct, IParameterStep =>
        Door.Run(new Call<TStep>(step), parameter, gradient);

    private static void Run<TStep>(Tensor parameter, Tensor gradient, TStep step) where TStep : struct, IParameterStep
    {
        parameter.CheckInPlace("Step", recorded: false);
        Tensor g = Elements.ToContiguous(gradient.DType == parameter.DType ? gradient : gradient.To(parameter.DType));
        Tensor p = Elements.ToContiguous(parameter);
        var work = new Work<TStep>(step, p, g);
        try
        {
            Dispatch.Floating(p.DType, "Step", ref work);
            if (!ReferenceEquals(p, parameter)) Elements.CopyTo(p, parameter);
        }
        finally
        {
            // The rule of a user may throw in the middle: then some of it is changed.
            parameter.BumpVersion();
        }
    }

    private readonly struct Work<TStep>(TStep step, Tensor p, Tensor g) : IFloatingWork where TStep : struct, IParameterStep
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            step.Run(memory.Of<T>(p), memory.Of<T>(g));
        }
    }

    /// <summary>The fused step of an optimizer.</summary>
    private readonly struct Call<TStep>(TStep step) : ITensorOperation where TStep : struct, IParameterStep
    {
        public string Name => TStep.Name + "_";

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            ParameterStep.Run(inputs[0]!, inputs[1]!, step);
            return inputs[0]!;
        }
    }
}
