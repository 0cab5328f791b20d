namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Overwrites this tensor with <paramref name="source"/>, broadcast and converted. The gradient goes to the source only.</summary>
    /// <exception cref="ShapeException">The source does not broadcast to this tensor's shape.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor CopyInPlace(Tensor source) => CopyNode.Copy(this, source.Given());

    /// <summary>Sets every element to zero, in place.</summary>
    public Tensor ZeroInPlace() => FillInPlace(0);

    /// <summary>Sets every element to a number, in place.</summary>
    public Tensor FillInPlace(Number value) => CopyNode.Copy(this, Full(Adjoint.Shape.Scalar, value, DType), "ZeroBackward0");
}

/// <summary>x is overwritten with a source: the gradient goes to the source, and zero to what was there before.</summary>
internal sealed class CopyNode(string name, Tensor target, Tensor source) : BinaryNode(target, source)
{
    private readonly TensorFacts _source = TensorFacts.Of(source);
    private readonly Shape _shape = target.Shape;

    public override string Name => name;

    internal static Tensor Copy(Tensor target, Tensor source, string name = "CopyBackwards")
    {
        target.CheckInPlace("CopyInPlace", target.RequiresGrad || source.RequiresGrad);
        if (Layout.Broadcast(target.Shape, source.Shape) is not { } shape || !shape.Equals(target.Shape))
            throw new ShapeException($"CopyInPlace: a source of shape {source.Shape} does not broadcast to a target of shape {target.Shape}.");
        if (source.SharesStorageWith(target)) source = source.Snapshot();
        Tensor values = source.DType == target.DType ? source : Elements.Cast(source, target.DType);
        if (!values.Shape.Equals(shape))
            values = values.Alias(shape, Layout.ExpandStrides(values.Shape, values.Strides, shape), values.Offset);
        Elements.CopyTo(Elements.ToContiguous(values), target);
        target.BumpVersion();
        if (History.IsWanted(target) || History.IsWanted(source))
            History.RecordInPlace(target, new CopyNode(name, target, source), [target, source]);
        return target;
    }

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = needsX ? g.ZerosLike() : null;
        dy = needsY ? g.SumTo(_source.Shape).To(_source.DType) : null;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents) => [tangents[1] is { } t ? t.Expand(_shape).Clone() : Tensor.Zeros(_shape, _source.DType)];
}
