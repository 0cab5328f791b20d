namespace Adjoint;

/// <summary>
/// Forward mode by hand: dual tensors, which carry a tangent through every operation. PyTorch's <c>torch.autograd.forward_ad</c>.
/// </summary>
/// <remarks>
/// Levels nest, which PyTorch's do not: a tangent of an inner level may itself carry tangents of outer ones.
/// NoGrad() does not stop tangents; Detach() drops them.
/// </remarks>
/// <example><code>
/// using (ForwardAD.EnterDualLevel())
/// {
///     Tensor y = ForwardAD.MakeDual(x, t).Sin();
///     var (value, tangent) = ForwardAD.UnpackDual(y);      // sin x, cos x · t
/// }
/// </code></example>
public static class ForwardAD
{
    /// <summary>Begins a level, which ends when the result is disposed; its tangents are gone then.</summary>
    public static ForwardLevel EnterDualLevel() => ForwardLevel.Enter();

    /// <summary>
    /// A view of <paramref name="primal"/> that carries <paramref name="tangent"/> at the innermost level; the argument itself is
    /// not changed.
    /// </summary>
    /// <exception cref="AutogradException">No level was entered.</exception>
    /// <exception cref="ShapeException">The tangent has another shape.</exception>
    /// <exception cref="DTypeException">One of both is not of floating point.</exception>
    public static Tensor MakeDual(Tensor primal, Tensor tangent)
    {
        primal.Given();
        tangent.Given();
        ForwardLevel level = Innermost("MakeDual");
        if (!primal.DType.IsFloatingPoint)
            throw new DTypeException($"MakeDual: the primal must be of floating point, but is {primal.DType}.");
        if (!tangent.DType.IsFloatingPoint)
            throw new DTypeException($"MakeDual: the tangent must be of floating point, but is {tangent.DType}.");
        if (!tangent.Shape.Equals(primal.Shape))
            throw new ShapeException($"MakeDual: the tangent has shape {tangent.Shape}, but the primal has {primal.Shape}.");
        Tensor dual = WithoutInnermost(primal, level);
        dual.AddTangent(level, tangent.To(primal.DType));
        return dual;
    }

    /// <summary>
    /// The value of a tensor and its tangent at the innermost level; the tangent is null where there is none, or no level.
    /// </summary>
    public static (Tensor Primal, Tensor? Tangent) UnpackDual(Tensor dual)
    {
        dual.Given();
        if (ForwardMode.Innermost is not { } level) return (dual, null);
        return (WithoutInnermost(dual, level), dual.TangentAt(level.Depth)?.Value);
    }

    private static ForwardLevel Innermost(string caller) => ForwardMode.Innermost
        ?? throw new AutogradException($"{caller}: no level of forward mode was entered. Use: using (ForwardAD.EnterDualLevel()) {{ … }}");

    /// <summary>The same tensor with its history and the tangents of outer levels only.</summary>
    private static Tensor WithoutInnermost(Tensor x, ForwardLevel level)
    {
        int visible = ForwardMode.Hide();
        ForwardMode.Show(level.Depth - 1);
        try
        {
            return x.View(x.Shape).AsDual(level);
        }
        finally
        {
            ForwardMode.Show(visible);
        }
    }
}
