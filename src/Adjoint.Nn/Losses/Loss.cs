namespace Adjoint.Nn;

/// <summary>A loss as a module: <c>loss.Call(input, target)</c>.</summary>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public abstract class Loss(Reduction reduction) : Module
{
    /// <summary>What becomes of the losses of single elements.</summary>
    public Reduction Reduction { get; } = Enum.IsDefined(reduction) ? reduction
        : throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "A loss has the reductions None, Mean and Sum.");
}
