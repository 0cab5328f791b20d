namespace Adjoint;

/// <summary>How a derivative is estimated from values of the function.</summary>
public enum NumericMethod
{
    /// <summary>(f(x + h) − f(x))/h: error ∝ h; one evaluation for each argument, and one more.</summary>
    Forward,

    /// <summary>(f(x + h) − f(x − h))/2h: error ∝ h²; two evaluations for each argument.</summary>
    Central,

    /// <summary>
    /// Central differences with the h that balances truncation against rounding, found by looking at the third derivative.
    /// </summary>
    Adaptive,

    /// <summary>Central differences for shrinking h, extrapolated to h = 0 (Richardson), until the error stops falling (Ridders).</summary>
    Ridders,
}
