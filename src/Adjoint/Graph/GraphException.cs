namespace Adjoint;

/// <summary>A function cannot be captured as a <see cref="Graph"/>: which line is in the way, why, and what to do instead.</summary>
/// <param name="message">All of it as text.</param>
/// <param name="line">The user's line, where it is known.</param>
public sealed class GraphException(string message, GraphLine? line = null) : AutogradException(message)
{
    /// <summary>The user's line that is in the way; null where it is not known.</summary>
    public GraphLine? Line { get; } = line;

    internal static GraphException At(GraphLine? line, string message) => new(line is null ? message : $"{message} (at {line})", line);
}
