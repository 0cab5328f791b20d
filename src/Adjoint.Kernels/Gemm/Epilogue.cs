namespace Adjoint.Kernels;

/// <summary>What is done to each element of a product last.</summary>
internal enum Epilogue
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Negative values become 0; NaN stays.</summary>
    Relu,
}
