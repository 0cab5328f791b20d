namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>What the memory belongs to: the same object for all views of it, which stay what they are as long as it is held.</summary>
    internal object MemoryOwner => _storage ?? (object)this;
}
