namespace Adjoint.Optim;

/// <summary>How a number goes from one value to another.</summary>
public enum AnnealStrategy
{
    /// <summary>Along half a cosine: slowly at both ends.</summary>
    Cos,

    /// <summary>Along a line.</summary>
    Linear,
}
