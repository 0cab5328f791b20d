namespace Adjoint.Formats;

/// <summary>The place on the stack at which the parts of a tuple, list or dictionary begin.</summary>
internal sealed class PickleMark
{
    internal static readonly PickleMark One = new();

    private PickleMark() { }
}
