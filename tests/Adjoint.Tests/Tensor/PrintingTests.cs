using System.Text.Json;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Printing;

/// <summary>Every tensor of tests/Parity/printing_fixtures.py prints as PyTorch printed it.</summary>
public class PrintingTests
{
    internal sealed record Case(string Dtype, int[] Shape, JsonElement[] Data, string Text, CaseOptions? Options, string[]? History);

    internal sealed record CaseOptions(int? Precision, long? Threshold, int? Edgeitems, int? Linewidth, bool? SciMode);

    private sealed class Elements(Case tensor) : IElements
    {
        public DType DType { get; } = Enum.GetValues<DType>().Single(dtype => dtype.TorchName == tensor.Dtype);

        public ReadOnlySpan<int> Sizes => tensor.Shape;

        public double Real(int index) => tensor.Data[index] is { ValueKind: JsonValueKind.String } name
            ? double.Parse(name.GetString()!)
            : tensor.Data[index].GetDouble();

        public long Whole(int index) => tensor.Data[index].ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => tensor.Data[index].GetInt64(),
        };
    }

    private static readonly IReadOnlyList<Case> Cases = Fixtures.Read<Case>("printing");

    private static PrintOptions OptionsOf(Case tensor) => tensor.Options is not { } changed ? PrintOptions.Default : new()
    {
        Precision = changed.Precision ?? PrintOptions.Default.Precision,
        Threshold = changed.Threshold ?? PrintOptions.Default.Threshold,
        EdgeItems = changed.Edgeitems ?? PrintOptions.Default.EdgeItems,
        LineWidth = changed.Linewidth ?? PrintOptions.Default.LineWidth,
        SciMode = changed.SciMode,
    };

    [Fact]
    public void Text_is_PyTorchs_to_the_character()
    {
        Cases.Count.ShouldBeGreaterThan(900);
        var different =
            from tensor in Cases
            let text = TensorText.Of(new Elements(tensor), OptionsOf(tensor), tensor.History ?? [])
            where text != tensor.Text
            select $"expected\n{tensor.Text}\nprinted\n{text}\n";

        different.Take(5).ShouldBeEmpty();
    }

    /// <summary>The whole tensor is not read when only its edges are shown: printing a view of a huge tensor is quick.</summary>
    [Fact]
    public void Elements_that_are_not_shown_are_not_read()
    {
        var elements = new CountingElements([1000, 1000]);
        TensorText.Of(elements, PrintOptions.Default).ShouldStartWith("tensor([[0, 1, 2,  ..., 7, 8, 9],\n");
        elements.Reads.ShouldBeLessThan(200);
    }

    /// <summary>PyTorch 2.x: no edge items, no elements.</summary>
    [Fact]
    public void Without_edge_items_only_the_ellipsis_is_shown() =>
        TensorText.Of(new CountingElements([20]), PrintOptions.Default with { Threshold = 10, EdgeItems = 0 }).ShouldBe("tensor([...])");

    private sealed class CountingElements(int[] sizes) : IElements
    {
        public int Reads { get; private set; }

        public DType DType => DType.Int64;

        public ReadOnlySpan<int> Sizes => sizes;

        public double Real(int index) => throw new InvalidOperationException("not of a floating-point dtype");

        public long Whole(int index)
        {
            Reads++;
            return index % 10;
        }
    }
}
