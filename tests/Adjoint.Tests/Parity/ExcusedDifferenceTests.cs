using System.Text.Json;

namespace Adjoint.Tests.Parity;

/// <summary>A number of single precision may differ from PyTorch's only where double precision shows that ours is the better one.</summary>
public class ExcusedDifferenceTests
{
    private static readonly OpCase Single = Case("float32", 0.1f, 3.0625), Double = Case("float64", 0.1, 3.1);

    private static readonly OpCall Plus3 = (x, _) => [x[0] + 3];

    [Fact]
    public void What_is_nearer_to_the_double_result_is_excused_where_that_is_PyTorchs() =>
        OpParity.Differences([Single, Double], Plus3).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_excused_where_PyTorch_was_not_asked_in_double_precision() =>
        OpParity.Differences([Single], Plus3).ShouldHaveSingleItem().ShouldContain("was not asked in float64");

    [Fact]
    public void A_case_of_other_numbers_excuses_nothing() =>
        OpParity.Differences([Single, Case("float64", 0.2, 3.2)], Plus3).ShouldHaveSingleItem();

    [Fact]
    public void Where_the_double_result_is_not_PyTorchs_that_is_a_difference() =>
        OpParity.Differences([Single, Case("float64", 0.1, 3.0625)], Plus3).ShouldHaveSingleItem().ShouldContain("float64");

    [Fact]
    public void What_is_further_from_the_double_result_is_a_difference() =>
        OpParity.Differences([Single, Double], (x, _) => [x[0] + (x[0].DType == DType.Float32 ? 3.5 : 3)]).ShouldHaveSingleItem();

    private static OpCase Case(string dtype, double input, double output) =>
        new("plus3", [new InputValue(dtype, [1], Json(input), null)], [], [new TensorValue(dtype, [1], Json(output))],
            [new TensorValue(dtype, [1], Json(-1.375))]);

    private static JsonElement[] Json(double number) => [JsonSerializer.SerializeToElement(number)];
}
