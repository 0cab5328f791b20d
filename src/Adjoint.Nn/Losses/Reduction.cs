namespace Adjoint.Nn;

/// <summary>What a loss makes of the losses of single elements.</summary>
public enum Reduction
{
    /// <summary>Their mean; of weighted classes, the sum over the sum of the weights.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay as they are.</summary>
    None,
}
