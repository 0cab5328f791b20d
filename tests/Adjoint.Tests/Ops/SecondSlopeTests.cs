namespace Adjoint.Tests.Ops;

/// <summary>
/// A rule that chooses between cases chooses for its derivative too: where the first derivative is a number, the second one is none of
/// those that 0·∞ makes of the case that was not taken.
/// </summary>
public class SecondSlopeTests
{
    private static readonly double[] Points = [0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, 1e-60, -1e-60, 30, -30];

    [Fact]
    public void Of_one_argument_it_is_a_number()
    {
        var none = new List<string>();
        foreach (UnaryRow op in OpTable.ElementWise.OfType<UnaryRow>())
            foreach (double point in Points)
                if (Second(x => op.Apply(x), point) is { } second && double.IsNaN(second)) none.Add($"{op.Name}″({point})");
        none.ShouldBeEmpty();
    }

    [Fact]
    public void Of_two_arguments_they_are_numbers()
    {
        var none = new List<string>();
        foreach (BinaryRow op in OpTable.ElementWise.OfType<BinaryRow>())
            foreach (double a in Points)
                foreach (double b in Points)
                {
                    // 0⁰: its slopes jump there, as PyTorch's do.
                    if (op.Name == "pow" && a == 0 && b == 0) continue;
                    if (Second(x => op.Apply(x, Tensor.Scalar(b, DType.Float64)), a) is double.NaN) none.Add($"∂x²{op.Name}({a}, {b})");
                    if (Second(y => op.Apply(Tensor.Scalar(a, DType.Float64), y), b) is double.NaN) none.Add($"∂y²{op.Name}({a}, {b})");
                }
        none.ShouldBeEmpty();
    }

    // null where there is no first derivative to differentiate.
    private static double? Second(Func<Tensor, Tensor> f, double point)
    {
        Tensor x = Tensor.Scalar(point, DType.Float64, requiresGrad: true), y = f(x);
        if (!double.IsFinite(y.Item())) return null;
        if (Autograd.Grad([y], [x], createGraph: true, allowUnused: true)[0] is not { } first || !double.IsFinite(first.Item()) || !first.RequiresGrad) return null;
        return Autograd.Grad([first], [x], allowUnused: true)[0]?.Item();
    }
}
