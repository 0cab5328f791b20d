using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>
/// A value with its error as <see cref="Bounded"/> has it, and NaN as soon as a step on the way there is no real number, or one so
/// large or small that its digits are lost: what has a value here has it as a formula of real numbers, not by the rules of ∞ and NaN.
/// </summary>
internal readonly record struct Definite(Bounded At) : IAlgebra<Definite>
{
    private static readonly Definite None = new(new Bounded(double.NaN, double.NaN));

    internal bool IsNone => double.IsNaN(At.Value);

    public static Definite Constant(double value) => Of(Bounded.Constant(value));

    public static Definite operator +(Definite x, Definite y) => Of(x.At + y.At);

    public static Definite operator -(Definite x, Definite y) => Of(x.At - y.At);

    public static Definite operator *(Definite x, Definite y) => Lasting(x.At * y.At, x, y);

    public static Definite operator /(Definite x, Definite y) => Lasting(x.At / y.At, x, y);

    public static Definite operator -(Definite x) => Of(-x.At);

    public static Definite Apply<TOp>(Definite x)
        where TOp : struct, IPrimitive =>
        x.IsNone ? None : Lasting(Bounded.Apply<TOp>(x.At), x, x);

    public static Definite Apply<TOp>(Definite x, Definite y) where TOp : struct, IBinaryPrimitive =>
        x.IsNone || y.IsNone || IsUncertain<TOp>(x, y) ? None : Lasting(Bounded.Apply<TOp>(x.At, y.At), x, y);

    public static Definite IfLess(Definite x, Definite y, Definite then, Definite otherwise) =>
        x.IsNone || y.IsNone || IsTied(x, y) ? None : Of(Bounded.IfLess(x.At, y.At, then.At, otherwise.At));

    public static Definite IfEqual(Definite x, Definite y, Definite then, Definite otherwise) =>
        x.IsNone || y.IsNone || IsTied(x, y) ? None : Of(Bounded.IfEqual(x.At, y.At, then.At, otherwise.At));

    /// <summary>What is so small that it became 0 is none.</summary>
    private static Definite Lasting(Bounded z, Definite x, Definite y) => z.Value == 0 && x.At.Value != 0 && y.At.Value != 0 ? None : Of(z);

    /// <summary>
    /// A power of a negative number has a value where its exponent is whole, and an angle jumps at the sign of a zero: no error of first
    /// order.
    /// </summary>
    private static bool IsUncertain<TOp>(Definite x, Definite y) =>
        typeof(TOp) == typeof(PowOp)
        ? x.At.Value < 0 && y.At.Error > 0 : typeof(TOp) == typeof(Atan2Op) && y.At.Value <= 0 && Math.Abs(x.At.Value) <= x.At.Error;

    /// <summary>Equal by rounding, perhaps.</summary>
    private static bool IsTied(Definite x, Definite y) => x.At.Value == y.At.Value && x.At.Error + y.At.Error > 0;

    /// <summary>The bound is of first order, so it bounds nothing where it is great.</summary>
    private static Definite Of(Bounded x) =>
        x.IsFinite && x.Error < 0.01 * (1 + Math.Abs(x.Value)) && (x.Value == 0 || Math.Abs(x.Value) > 1e-290) ? new(x) : None;
}
