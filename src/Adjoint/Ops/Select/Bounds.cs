namespace Adjoint;

/// <summary>Bounds and weights that are tensors, in place.</summary>
public sealed partial class Tensor
{
    /// <summary>x += w·(end − x) with a weight for each element, in place.</summary>
    /// <param name="end">The value at w = 1; broadcast to the shape of x.</param>
    /// <param name="weight">w; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than x.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor LerpInPlace(Tensor end, Tensor weight) =>
        Replacement.Plain(
            "LerpInPlace", this, end.Given(), weight.Given(), (x, end, weight) => x.Lerp(end, weight));

    /// <summary>x = min(max(x, a), b) with bounds for each element, in place; null for no bound.</summary>
    /// <param name="min">a; broadcast to the shape of x.</param>
    /// <param name="max">b; broadcast to the shape of x.</param>
    /// <exception cref="ArgumentException">Both bounds are null.</exception>
    /// <exception cref="ShapeException">The result would be larger than x.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor ClampInPlace(Tensor? min, Tensor? max) =>
        Replacement.InPlace("ClampInPlace", this, x => TensorBounds.Clamp(x, min, max), max is { RequiresGrad: true } ? max : min);

    /// <summary>x = max(x, a) with a bound for each element, in place.</summary>
    /// <param name="min">a; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than x.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor ClampMinInPlace(Tensor min) =>
        Replacement.InPlace("ClampMinInPlace", this, x => x.ClampMin(min), min.Given());

    /// <summary>x = min(x, b) with a bound for each element, in place.</summary>
    /// <param name="max">b; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than x.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor ClampMaxInPlace(Tensor max) =>
        Replacement.InPlace("ClampMaxInPlace", this, x => x.ClampMax(max), max.Given());

    /// <summary>min(max(x, a), b): torch.clip, <see cref="Clamp(Number?, Number?)"/>.</summary>
    /// <inheritdoc cref="Clamp(Number?, Number?)"/>
    public Tensor Clip(Number? min = null, Number? max = null) => min is null && max is null
        ? throw new ArgumentException("Clip: both bounds are null; give min, max or both.")
        : Tensor.Speaking("Clip", () => Clamp(min, max));

    /// <summary>min(max(x, a), b) with bounds for each element: torch.clip, <see cref="Clamp(Tensor?, Tensor?)"/>.</summary>
    /// <inheritdoc cref="Clamp(Tensor?, Tensor?)"/>
    public Tensor Clip(Tensor? min, Tensor? max) => min is null && max is null
        ? throw new ArgumentException("Clip: both bounds are null; give min, max or both.")
        : Tensor.Speaking("Clip", () => Clamp(min, max));

    /// <summary>x limited to [min, max], in place: torch's clip_, <see cref="ClampInPlace(Number?, Number?)"/>.</summary>
    /// <inheritdoc cref="ClampInPlace(Number?, Number?)"/>
    public Tensor ClipInPlace(Number? min = null, Number? max = null) => min is null && max is null
        ? throw new ArgumentException("ClipInPlace: both bounds are null; give min, max or both.")
        : Tensor.Speaking("ClipInPlace", () => ClampInPlace(min, max));

    /// <summary>x limited to bounds for each element, in place: torch's clip_, <see cref="ClampInPlace(Tensor?, Tensor?)"/>.</summary>
    /// <inheritdoc cref="ClampInPlace(Tensor?, Tensor?)"/>
    public Tensor ClipInPlace(Tensor? min, Tensor? max) => min is null && max is null
        ? throw new ArgumentException("ClipInPlace: both bounds are null; give min, max or both.")
        : Tensor.Speaking("ClipInPlace", () => ClampInPlace(min, max));
}
