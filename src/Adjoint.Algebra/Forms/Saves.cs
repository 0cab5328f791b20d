namespace Adjoint;

/// <summary>What a slope reads, and so what the node must keep until the backward pass.</summary>
[Flags]
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public enum Saves
{
    /// <summary>Nothing: the slope is a constant.</summary>
    None = 0,

    /// <summary>The argument x (of a binary function: both arguments).</summary>
    Input = 1,

    /// <summary>The value y.</summary>
    Output = 2,

    /// <summary>The arguments and the value.</summary>
    Both = Input | Output,
}
