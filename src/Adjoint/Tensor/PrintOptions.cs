namespace Adjoint;

/// <summary>
/// How tensors are written as text: PyTorch's <c>set_printoptions</c>. Set <see cref="Current"/> for all tensors, or pass
/// options to <see cref="Tensor.ToString(PrintOptions)"/>.
/// </summary>
/// <example><code>PrintOptions.Current = PrintOptions.Default with { Precision = 8 };</code></example>
public sealed record PrintOptions
{
    /// <summary>PyTorch's profile <c>default</c>.</summary>
    public static PrintOptions Default { get; } = new();

    /// <summary>PyTorch's profile <c>short</c>: two digits, two items at the edges.</summary>
    public static PrintOptions Short { get; } = new() { Precision = 2, EdgeItems = 2 };

    /// <summary>PyTorch's profile <c>full</c>: every element, however many.</summary>
    public static PrintOptions Full { get; } = new() { Threshold = long.MaxValue };

    /// <summary>What <see cref="Tensor.ToString()"/> uses, in every thread.</summary>
    public static PrintOptions Current { get; set; } = Default;

    /// <summary>Digits after the point.</summary>
    public int Precision { get; init; } = 4;

    /// <summary>A tensor with more elements than this shows only those at its edges.</summary>
    public long Threshold { get; init; } = 1000;

    /// <summary>How many items are shown at either end of a dimension of such a tensor.</summary>
    public int EdgeItems { get; init; } = 3;

    /// <summary>Where lines are broken, in characters.</summary>
    public int LineWidth { get; init; } = 80;

    /// <summary>Always (true) or never (false) scientific notation; null decides by the values.</summary>
    public bool? SciMode { get; init; }
}
