using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// How the arguments of an element-wise function differ from its result: an argument that was broadcast gets its gradient summed,
/// one that was converted gets it in its own dtype. Most do neither, and then there is no such object.
/// </summary>
internal sealed class ArgumentFit
{
    private readonly TensorFacts _x, _y;

    private ArgumentFit(Tensor x, Tensor y, Tensor z) => (_x, _y, ResultType) = (TensorFacts.Of(x), TensorFacts.Of(y), z.DType);

    /// <summary>The dtype in which the function saw its arguments.</summary>
    internal DType ResultType { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ArgumentFit? Of(Tensor x, Tensor y, Tensor z) => Same(x, z) && Same(y, z) ? null : new ArgumentFit(x, y, z);

    /// <summary>The gradient of the first argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor First(ArgumentFit? fit, Tensor gradient) => fit is null ? gradient : Fit(gradient, fit._x);

    /// <summary>The gradient of the second argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor Second(ArgumentFit? fit, Tensor gradient) => fit is null ? gradient : Fit(gradient, fit._y);

    /// <summary>A saved argument in the dtype in which the function saw it: 1/y of an integer y would be a Float32.</summary>
    internal static Tensor? Operand(ArgumentFit? fit, Tensor? x) =>
        x is null || fit is null || x.DType == fit.ResultType || (x.IsNumber && x.DType.IsFloatingPoint) ? x : x.To(fit.ResultType);

    /// <summary>A tangent in the shape of the result.</summary>
    internal static Tensor? Expanded(ArgumentFit? fit, Tensor? tangent)
    {
        if (tangent is null || fit is null) return tangent;
        Shape shape = Layout.Broadcast(fit._x.Shape, fit._y.Shape)!;
        return tangent.Shape.Equals(shape) ? tangent : tangent.Expand(shape);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Same(Tensor argument, Tensor result) =>
        argument.DType == result.DType && (ReferenceEquals(argument.Shape, result.Shape) || argument.Shape.Equals(result.Shape));

    private static Tensor Fit(Tensor gradient, TensorFacts argument)
    {
        if (!ReferenceEquals(gradient.Shape, argument.Shape)) gradient = gradient.SumTo(argument.Shape);
        return gradient.DType == argument.DType || !argument.DType.IsFloatingPoint ? gradient : gradient.To(argument.DType);
    }
}
