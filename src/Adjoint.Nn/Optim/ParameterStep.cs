using System.Numerics;

namespace Adjoint.Optim;

/// <summary>A kernel that changes a parameter along its gradient.</summary>
internal interface IParameterStep
{
    /// <summary>Changes the parameter.</summary>
    void Run<T>(Span<T> parameter, ReadOnlySpan<T> gradient) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Gives kernels the elements of parameters and gradients, whatever their layout.</summary>
internal static class ParameterStep
{
    internal static void Apply<TStep>(Tensor parameter, Tensor gradient, TStep step) where TStep : struct, IParameterStep
    {
        parameter.CheckInPlace("Step", recorded: false);
        Tensor g = Elements.ToContiguous(gradient.DType == parameter.DType ? gradient : gradient.To(parameter.DType));
        Tensor p = Elements.ToContiguous(parameter);
        if (p.DType == DType.Float32) step.Run(p.Span<float>(), g.Span<float>());
        else step.Run(p.Span<double>(), g.Span<double>());
        if (!ReferenceEquals(p, parameter)) Elements.CopyTo(p, parameter);
        parameter.BumpVersion();
        GC.KeepAlive(g);
        GC.KeepAlive(p);
        GC.KeepAlive(parameter);
    }
}
