using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

public class LogisticMapTests
{
    private static V Logistic<V>(V x, int n) where V : IAlgebra<V> => n == 1 ? x : Next(Logistic(x, n - 1));

    private static V Next<V>(V l) where V : IAlgebra<V> => 4 * l * (1 - l);

    [Theory]
    [InlineData(1, "x", "1", "1")]
    [InlineData(2, "4x(1 − x)", "4(1 − x) − 4x", "4 − 8x")]
    [InlineData(3, "16x(1 − x)(1 − 2x)²", "16(1 − x)(1 − 2x)² − 16x(1 − 2x)² − 64x(1 − x)(1 − 2x)", "16(1 − 10x + 24x² − 16x³)")]
    [InlineData(4, "64x(1 − x)(1 − 2x)²(1 − 8x + 8x²)²",
        "64(1 − x)(1 − 2x)²(1 − 8x + 8x²)² − 64x(1 − 2x)²(1 − 8x + 8x²)² − 256x(1 − x)(1 − 2x)(1 − 8x + 8x²)² + 128x(1 − x)(1 − 2x)²(1 "
        + "− 8x + 8x²)(−8 + 16x)",
        "64(1 − 42x + 504x² − 2640x³ + 7040x⁴ − 9984x⁵ + 7168x⁶ − 2048x⁷)")]
    public void The_table_of_the_lecture(int n, string map, string derivative, string simplified)
    {
        var l = Expr.Of(x => Logistic(x, n), "x").Factor();
        l.ToText().ShouldBe(map);
        var d = l.Differentiate("x");
        d.Tidy().ToText().ShouldBe(derivative);
        d.Simplify().ToText().ShouldBe(simplified);
    }

    [Fact]
    public void Simplified_from_the_unfactored_map_too() =>
        Expr.Of(x => Logistic(x, 4), "x").Differentiate("x").Simplify().ToText()
            .ShouldBe("64(1 − 42x + 504x² − 2640x³ + 7040x⁴ − 9984x⁵ + 7168x⁶ − 2048x⁷)");

    [Fact]
    public void A_long_polynomial_is_still_proven_exactly()
    {
        var d = Expr.Of(x => Logistic(x, 9), "x").Differentiate("x");
        var simple = d.Simplify(out var steps);
        simple.TermCount.ShouldBe(256);
        steps[0].Evidence.Exact.ShouldBeTrue();
        d.NodeCount.ShouldBeGreaterThan(20_000);
    }
}
