namespace Adjoint;

/// <summary>A point where a function has no derivative because its two sides differ; see <see cref="Numeric.KinkAt"/>.</summary>
/// <param name="Left">The slope from the left; of a jump, the value f tends to from the left.</param>
/// <param name="Right">The slope from the right; of a jump, the value f tends to from the right.</param>
/// <param name="IsJump">Whether f itself jumps, not only its slope.</param>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public readonly record struct Kink(double Left, double Right, bool IsJump);
