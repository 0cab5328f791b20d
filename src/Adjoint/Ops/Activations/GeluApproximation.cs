namespace Adjoint;

/// <summary>How <see cref="Tensor.Gelu"/> evaluates the normal distribution function.</summary>
public enum GeluApproximation
{
    /// <summary>By the error function.</summary>
    None,

    /// <summary>Φ(x) ≈ (1 + tanh(√(2/π)·(x + 0.044715·x³)))/2.</summary>
    Tanh,
}
