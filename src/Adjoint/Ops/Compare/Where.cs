using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary><paramref name="x"/> where the condition holds, otherwise <paramref name="y"/>, with broadcasting and in their common dtype.</summary>
    /// <param name="condition">A Bool tensor (or UInt8, where other than 0 counts as true).</param>
    /// <param name="x">What is taken where it holds; a tensor or a number.</param>
    /// <param name="y">What is taken elsewhere; a tensor or a number.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The condition is neither Bool nor UInt8, or a number is out of the range of the other's dtype.</exception>
    public static Tensor Where(Tensor condition, Tensor x, Tensor y) => WhereNode.Where(condition.Given(), x.Given(), y.Given());
}

/// <summary>z = x where the condition holds, else y: each argument gets the gradient where it was taken.</summary>
internal sealed class WhereNode : BinaryNode
{
    private readonly TensorFacts _x, _y, _z;
    private Saved _condition;

    private WhereNode(Tensor condition, Tensor x, Tensor y, Tensor z) : base(x, y)
    {
        (_x, _y, _z) = (TensorFacts.Of(x), TensorFacts.Of(y), TensorFacts.Of(z));
        _condition = Adjoint.Saved.Input(condition);
    }

    public override string Name => "WhereBackward0";

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, new NoParameters(), ("condition", _condition));

    internal override void ReleaseSaved() => _condition.Free();

    internal static Tensor Where(Tensor condition, Tensor x, Tensor y)
    {
        Tensor z = Select(condition, x, y);
        return History.IsWanted(x) || History.IsWanted(y) ? History.Record(z, new WhereNode(condition, x, y, z), x, y) : z;
    }

    private static Tensor Select(Tensor condition, Tensor x, Tensor y)
    {
        if (condition.DType is not (DType.Bool or DType.UInt8))
            throw new DTypeException($"Where: the condition must be Bool, but is {condition.DType}. Compare it with something, or convert it with To(DType.Bool).");
        Shape shape = Binary.BroadcastShape("where", x, y);
        shape = Layout.Broadcast(condition.Shape, shape)
            ?? throw new ShapeException($"where: the condition of shape {condition.Shape} does not broadcast with {shape}; counted from the end, sizes must be equal or 1.");
        DType dtype = Promotion.Of(x, y);
        if (x.IsNumber) x.AsNumber.Fitting("where", dtype);
        if (y.IsNumber) y.AsNumber.Fitting("where", dtype);
        Tensor z = Tensor.Uninitialized(shape, dtype);
        var work = new Work(Operand(condition, shape), Operand(Binary.Operand(x, dtype), shape), Operand(Binary.Operand(y, dtype), shape), z);
        Dispatch.Moving(dtype, ref work);
        return z;
    }

    /// <summary>One element, or all of the result's one after the other.</summary>
    private static Tensor Operand(Tensor x, Shape shape) => x.NumEl == 1 || x.Shape.Equals(shape) ? Elements.ToContiguous(x)
        : Elements.ToContiguous(x.Alias(shape, Layout.ExpandStrides(x.Shape, x.Strides, shape), x.Offset));

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        Tensor condition = _condition.Get(this);
        dx = needsX ? Tensor.Where(condition, g, 0).SumTo(_x.Shape).To(_x.DType) : null;
        dy = needsY ? Tensor.Where(condition, 0, g).SumTo(_y.Shape).To(_y.DType) : null;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor zero = Tensor.Zeros(Shape.Scalar, _z.DType);
        return [Tensor.Where(_condition.Get(this), tangents[0]?.To(_z.DType) ?? zero, tangents[1]?.To(_z.DType) ?? zero).Expand(_z.Shape)];
    }

    private readonly struct Work(Tensor condition, Tensor x, Tensor y, Tensor z) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            ElementWise.Select<T>(condition.Span<byte>(), x.Span<T>(), y.Span<T>(), z.Span<T>());
            GC.KeepAlive(condition);
            GC.KeepAlive(x);
            GC.KeepAlive(y);
            GC.KeepAlive(z);
        }
    }
}

/// <summary>An operation without parameters to show among what its node saved.</summary>
internal readonly struct NoParameters;
