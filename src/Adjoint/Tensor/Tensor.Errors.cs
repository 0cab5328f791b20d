namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>What is made of other operations, whose errors speak of this one. See Note [Errors speak of what was called].</summary>
    internal static Tensor Speaking(string operation, Func<Tensor> made)
    {
        try
        {
            return made();
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }
}
