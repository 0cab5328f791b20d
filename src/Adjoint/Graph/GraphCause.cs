namespace Adjoint;

/// <summary>What a gradient is, in short.</summary>
public enum GraphReason
{
    /// <summary>A number like others.</summary>
    Ordinary,

    /// <summary>There is none: the tensor does not lead to what is differentiated, or not in a way that is recorded.</summary>
    Missing,

    /// <summary>It is 0.</summary>
    Zero,

    /// <summary>It is above 1,000.</summary>
    Huge,

    /// <summary>It is below 1e-10, and not 0.</summary>
    Tiny,

    /// <summary>It is infinite or no number.</summary>
    NotFinite,
}

/// <summary>What made a gradient what it is, at one operation.</summary>
/// <param name="Operation">The operation; null where there is none to name.</param>
/// <param name="Text">What happened there, with its numbers.</param>
public sealed record GraphCause(GraphOperation? Operation, string Text)
{
    /// <summary>What happened there.</summary>
    public string Text { get; init; } = Text.Given();

    /// <summary>Operation, line where it is known, and text.</summary>
    public override string ToString() => Operation?.Line is { } line ? $"{Text} ({line})" : Text;
}
