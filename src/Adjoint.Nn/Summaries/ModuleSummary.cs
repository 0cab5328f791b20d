using System.Globalization;
using System.Text;

namespace Adjoint.Nn;

/// <summary>
/// What a module is made of and what a call takes: a table of its layers with shapes and parameters, as torchinfo prints it.
/// </summary>
public sealed class ModuleSummary
{
    private const int ColumnWidth = 25, LeastNameWidth = 40, NameStep = 5;

    private readonly int _depth;
    private readonly long _inputBytes;

    internal ModuleSummary(List<LayerSummary> layers, long inputBytes, int depth)
    {
        (Layers, _inputBytes, _depth) = (layers, inputBytes, depth);
        foreach (LayerSummary layer in layers)
        {
            if (layer.IsLeaf)
            {
                MultAdds += layer.MultAdds;
                if (layer.Parameters > 0) ActivationBytes += 2 * layer.OutputBytes;
            }
            if (layer.IsRepeated) continue;
            Parameters += Math.Max(0, layer.IsLeaf ? layer.Parameters : layer.Left);
            TrainableParameters += Math.Max(0, layer.IsLeaf ? layer.TrainableParameters : layer.LeftTrainable);
            if (layer.IsLeaf) ParameterBytes += layer.ParameterBytes;
        }
    }

    /// <summary>The rows, in the order of the calls; those of containers before what is in them.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>How many numbers the parameters have. What is pruned does not count.</summary>
    public long Parameters { get; }

    /// <summary>How many of them are trained.</summary>
    public long TrainableParameters { get; }

    /// <summary>Multiplications with an addition in a call, as torchinfo counts them: from the sizes of parameters and outputs.</summary>
    public long MultAdds { get; }

    /// <summary>Floating-point operations in a call: two for each of <see cref="MultAdds"/>.</summary>
    public long Flops => 2 * MultAdds;

    /// <summary>The bytes of the outputs of layers with parameters, twice: for their gradients.</summary>
    public long ActivationBytes { get; }

    /// <summary>The bytes of the parameters of layers.</summary>
    public long ParameterBytes { get; }

    /// <summary>The table.</summary>
    public override string ToString()
    {
        List<(string Name, LayerSummary Layer)> rows = [.. Layers.Select(layer => (Tree(layer.Depth) + layer.Title, layer))];
        int longest = Layers.Max(layer => layer.Depth * NameStep + 1 + layer.Title.Length);
        int width = longest < LeastNameWidth ? LeastNameWidth : (longest + NameStep - 1) / NameStep * NameStep;
        string line = new('=', width + 2 * ColumnWidth);
        var text = new StringBuilder();
        Row(line);
        Row(Columns("Layer (type:depth-idx)", "Output Shape", "Param #"));
        Row(line);
        foreach ((string name, LayerSummary layer) in rows)
            if (layer.Depth <= _depth) Row(Columns(name, layer.Output is { } shape ? $"[{string.Join(", ", shape)}]" : "--", Count(layer)));
        Row(line);
        Row(Number($"Total params: {Parameters:N0}"));
        Row(Number($"Trainable params: {TrainableParameters:N0}"));
        Row(Number($"Non-trainable params: {Parameters - TrainableParameters:N0}"));
        (string unit, double size) = MultAdds >= 1e12 ? ("T", 1e12) : MultAdds >= 1e9 ? ("G", 1e9) : ("M", 1e6);
        Row(Number($"Total mult-adds ({unit}): {MultAdds / size:F2}"));
        Row(line);
        Row(Number($"Input size (MB): {_inputBytes / 1e6:F2}"));
        Row(Number($"Forward/backward pass size (MB): {ActivationBytes / 1e6:F2}"));
        Row(Number($"Params size (MB): {ParameterBytes / 1e6:F2}"));
        Row(Number($"Estimated Total Size (MB): {(_inputBytes + ActivationBytes + ParameterBytes) / 1e6:F2}"));
        text.Append(line);
        return text.ToString();

        void Row(string row) => text.Append(row).Append('\n');

        string Columns(string name, string shape, string count) =>
            $"{name.PadRight(width)} {shape.PadRight(ColumnWidth)} {count.PadRight(ColumnWidth)}".TrimEnd();
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Tree(int depth) => depth switch
    {
        0 => "",
        1 => "├─",
        _ => string.Concat(Enumerable.Repeat("│    ", depth - 1)) + "└─",
    };

    private string Count(LayerSummary layer)
    {
        if (layer.Parameters == 0) return "--";
        if (layer.IsRepeated) return "(recursive)";
        if (layer.Depth < _depth && !layer.IsLeaf) return layer.Left > 0 ? Number($"{layer.Left:N0}") : "--";
        return layer.TrainableParameters > 0 ? Number($"{layer.Parameters:N0}") : Number($"({layer.Parameters:N0})");
    }
}
