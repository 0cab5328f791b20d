namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// An independent leaf with the same values, the same <see cref="RequiresGrad"/> and a copy of <see cref="Grad"/>: PyTorch's
    /// <c>copy.deepcopy</c>. <see cref="Clone"/>, in contrast, is recorded and keeps no gradient.
    /// </summary>
    /// <exception cref="AutogradException">The tensor was computed from tensors that require grad: its copy would belong to no
    /// graph.</exception>
    public Tensor DeepCopy()
    {
        if (!IsLeaf)
            throw new AutogradException(
                $"DeepCopy: only leaves can be copied with all that belongs to them, but this tensor was made by {GradFn!.Name}. Use "
                + "Clone(), or Detach().Clone().");
        Tensor copy = Detach().Clone();
        copy.Role = Role;
        copy.RequiresGrad = RequiresGrad;
        copy.GradOrNull = GradOrNull?.Detach().Clone();
        return copy;
    }
}
