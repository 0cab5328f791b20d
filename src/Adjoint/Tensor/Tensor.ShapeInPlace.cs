namespace Adjoint;

/// <remarks>
/// // Note [Shapes in place]
/// What changes its shape in place stays the same tensor to everybody who holds it, over the same elements: its history gets the step of
/// the view that it has become, or, where it is a view itself, is made anew as the part of its base that it shows now. It counts as a
/// change, so that a graph that kept the tensor in its old shape says so. A leaf that requires grad keeps its shape, because its gradient
/// and the optimizer's memory have it; a function that is captured does not see such a change, and refuses it.
/// </remarks>
public sealed partial class Tensor
{
    /// <summary>Transposes the matrix in place: torch's t_, <see cref="Transpose()"/>. See Note [Shapes in place].</summary>
    /// <exception cref="ShapeException">The tensor has more than two dimensions.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor TInPlace() => Become("TInPlace", () => Transpose());

    /// <summary>Swaps two dimensions in place: torch's transpose_. See Note [Shapes in place].</summary>
    /// <param name="dim0">One dimension; negative ones count from the end.</param>
    /// <param name="dim1">The other.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor TransposeInPlace(int dim0, int dim1) => Become("TransposeInPlace", () => Transpose(dim0, dim1));

    /// <summary>Swaps two dimensions in place: torch's swapaxes_, <see cref="TransposeInPlace"/>.</summary>
    /// <param name="axis0">One dimension; negative ones count from the end.</param>
    /// <param name="axis1">The other.</param>
    /// <inheritdoc cref="TransposeInPlace" path="/exception"/>
    public Tensor SwapAxesInPlace(int axis0, int axis1) => Become("SwapAxesInPlace", () => Transpose(axis0, axis1));

    /// <summary>Swaps two dimensions in place: torch's swapdims_, <see cref="TransposeInPlace"/>.</summary>
    /// <inheritdoc cref="TransposeInPlace"/>
    public Tensor SwapDimsInPlace(int dim0, int dim1) => Become("SwapDimsInPlace", () => Transpose(dim0, dim1));

    /// <summary>Takes the dimensions of size 1 away, in place: torch's squeeze_. See Note [Shapes in place].</summary>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor SqueezeInPlace() => Become("SqueezeInPlace", () => Squeeze());

    /// <summary>Takes a dimension away, if its size is 1, in place: torch's squeeze_. See Note [Shapes in place].</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor SqueezeInPlace(int dim) => Become("SqueezeInPlace", () => Squeeze(dim));

    /// <summary>Puts a dimension of size 1 in, in place: torch's unsqueeze_. See Note [Shapes in place].</summary>
    /// <param name="dim">Where; negative ones count from the end.</param>
    /// <exception cref="ShapeException">There is no such place.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor UnsqueezeInPlace(int dim) => Become("UnsqueezeInPlace", () => Unsqueeze(dim));

    /// <summary>Takes sizes, strides and storage offset of one's own choice, in place: torch's as_strided_.</summary>
    /// <inheritdoc cref="AsStrided"/>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor AsStridedInPlace(Shape shape, ReadOnlySpan<int> strides, int? storageOffset = null)
    {
        shape.Given();
        int[] chosen = strides.ToArray();
        return Become("AsStridedInPlace", () => AsStrided(shape, chosen, storageOffset));
    }

    /// <summary>
    /// Takes another shape in place, over the same memory: torch's resize_. Elements keep their places in memory; those beyond the old
    /// ones are undefined. A tensor that has too little memory gets more, with a copy of what it had; what shows the old memory throws
    /// when it is used.
    /// </summary>
    /// <param name="shape">The shape, with any number of elements.</param>
    /// <exception cref="AutogradException">The tensor requires grad: resizing has no gradient; use <see
    /// cref="Reshape(Shape)"/>.</exception>
    /// <exception cref="ShapeException">It is a view, and the memory of its base has not as many elements.</exception>
    public Tensor ResizeInPlace(Shape shape)
    {
        const string name = "ResizeInPlace";
        shape.Given();
        CheckShapeChange(name);
        if (RequiresGrad)
            throw new AutogradException(
                $"{name}: a tensor that requires grad cannot be resized, because that has no gradient. Use Reshape, or Detach() it.");
        if (Offset + (long)shape.NumEl > MemoryLength) Grow(name, shape);
        (Shape, _strides) = (shape, null);
        BumpVersion();
        return this;
    }

    /// <summary>Takes the shape of another tensor in place: torch's resize_as_, <see cref="ResizeInPlace"/>.</summary>
    /// <param name="other">The other tensor.</param>
    /// <inheritdoc cref="ResizeInPlace" path="/exception"/>
    public Tensor ResizeAsInPlace(Tensor other)
    {
        Shape shape = other.Given().Shape;
        return Speaking(nameof(ResizeAsInPlace), () => ResizeInPlace(shape));
    }

    // See Note [Shapes in place].
    private Tensor Become(string operation, Func<Tensor> view)
    {
        CheckShapeChange(operation);
        Tensor y = Speaking(operation, view);
        (Node? node, Tangent? tangents) = (y.RequiresGrad ? y._node : null, y.TangentsNow);
        (Shape, _strides, Offset) = (y.Shape, y._strides, y.Offset);
        BumpVersion();
        if (_extras is ViewInfo shown)
        {
            shown.Version = -1;
            RefreshView(shown);
        }
        else if (node is not null)
        {
            SetRebased(node, 0);
        }
        SetTangents(tangents);
        return this;
    }

    private void CheckShapeChange(string operation)
    {
        HostAccess.Reshape(operation);
        if (IsInference && !GradMode.IsInference)
            throw new AutogradException(
                $"{operation}: an inference tensor cannot be changed in place outside inference mode. Clone() it first to get a normal "
                + "tensor.");
        if (Role != TensorRole.None)
            throw new AutogradException($"{operation}: a parameter or buffer of a module keeps its shape. Assign another to the module.");
        if (RequiresGrad && IsLeaf)
            throw new AutogradException(
                $"{operation}: a leaf that requires grad keeps its shape, which its gradient has. Make a new one, or use the operation that "
                + "is not in place.");
        if (RequiresGrad && !GradMode.IsEnabled)
            throw new AutogradException(
                $"{operation}: the history of this tensor is that of its shape, and nothing is recorded here. Do it outside of NoGrad(), or "
                + "Detach() it.");
        if (_extras is ViewInfo view && RequiresGrad) CheckViewOrigin(operation, view.Origin);
        Structure.Change();
        SharedStorage();
    }

    private void Grow(string operation, Shape shape)
    {
        if (IsView)
            throw new ShapeException(
                $"{operation}: the shape {shape} needs more memory than the view's base has behind it ({MemoryLength - Offset} elements of "
                + $"{MemoryLength}). Clone() it first.");
        int changes = ChangeCount;
        Storage old = SharedStorage();
        Tensor larger = Outside(shape, DType);
        int kept = Math.Min(MemoryLength - Offset, shape.NumEl);
        if (kept > 0)
            Elements.CopyTo(Alias(Adjoint.Shape.Of(kept), null, Offset), larger.Alias(Adjoint.Shape.Of(kept), null, 0));
        larger.KeepBeyondScopes();
        old.LeavePool();
        (_storage, Offset) = (larger.SharedStorage(), 0);
        ChangeCount = changes;
        old.Dispose();
    }
}
