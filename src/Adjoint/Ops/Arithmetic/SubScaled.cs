namespace Adjoint;

/// <summary>z = x − α·y,   ∂z/∂x = 1,   ∂z/∂y = −α.</summary>
internal readonly struct SubScaledOp(double alpha) : IBinaryOp
{
    public void Describe(OpAttributes to) => to.Add("alpha", alpha);

    /// <summary>The sum of tensors; one of integers is computed with an integer factor, which may be no double.</summary>
    internal static Tensor Apply(Tensor x, Tensor y, Number alpha) =>
        Promotion.Factor("Sub", alpha, x, y) is var dtype && dtype.IsFloatingPoint
        ? Binary.Apply(new SubScaledOp(alpha.ToDouble()), x, y) : x - Promotion.Times("Sub", alpha, y, dtype);

    /// <inheritdoc cref="Apply"/>
    internal static Tensor ApplyInPlace(Tensor x, Tensor y, Number alpha) =>
        Promotion.Factor("SubInPlace", alpha, x, y) is var dtype && dtype.IsFloatingPoint
        ? Binary.ApplyInPlace(new SubScaledOp(alpha.ToDouble()), x, y) : x.SubInPlace(Promotion.Times("SubInPlace", alpha, y, dtype));

    public static string Name => "sub";
    public static OpInfo Info => new() { Formula = "x - alpha*y", Torch = "torch.sub(x, y, alpha=alpha)", Word = "Sub" };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => x - alpha * y;
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(1);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(-alpha);
}
