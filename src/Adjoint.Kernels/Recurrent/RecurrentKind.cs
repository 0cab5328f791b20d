namespace Adjoint.Kernels;

/// <summary>What the cells of a recurrent layer compute.</summary>
internal enum RecurrentKind
{
    /// <summary>h = tanh(x + u).</summary>
    Tanh,

    /// <summary>h = max(x + u, 0).</summary>
    Relu,

    /// <summary>Long short-term memory.</summary>
    Lstm,

    /// <summary>Gated recurrent units.</summary>
    Gru,
}

/// <summary>How wide the parts of a cell are, as multiples of the cell's own width.</summary>
internal static class RecurrentKinds
{
    /// <summary>What the products of weights give.</summary>
    internal static int Gates(this RecurrentKind kind) => kind switch
    {
        RecurrentKind.Lstm => 4,
        RecurrentKind.Gru => 3,
        _ => 1,
    };

    /// <summary>What a gradient needs besides the gates.</summary>
    internal static int Kept(this RecurrentKind kind) => kind switch
    {
        RecurrentKind.Lstm => 2,
        RecurrentKind.Gru => 1,
        _ => 0,
    };
}
