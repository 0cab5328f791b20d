namespace Adjoint;

/// <summary>What a tensor is to the module that holds it.</summary>
internal enum TensorRole : byte
{
    /// <summary>A tensor like any other: a module takes no notice of it.</summary>
    None,

    /// <summary>What optimizers change.</summary>
    Parameter,

    /// <summary>State that is saved with the parameters, but not trained.</summary>
    Buffer,

    /// <summary>State that follows conversions, but is not saved.</summary>
    TransientBuffer,
}

public sealed partial class Tensor
{
    /// <summary>What the tensor is to the module that holds it.</summary>
    internal TensorRole Role
    {
        get;
        set
        {
            field = value;
            if (value != TensorRole.None) KeepBeyondScopes();
        }
    }
}
