namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy with other numbers on the diagonal of its first two dimensions.</summary>
    /// <param name="values">The numbers, broadcast to the shape of the diagonal.</param>
    /// <exception cref="ShapeException">The values do not broadcast, or the tensor has no diagonal.</exception>
    public Tensor SetDiagonal(Tensor values) => Update.Apply(SetDiagonalOp.Of(this), this, values.Given());

    /// <summary>Writes numbers to the diagonal of the first two dimensions, in place.</summary>
    /// <inheritdoc cref="SetDiagonal"/>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor SetDiagonalInPlace(Tensor values) => Update.ApplyInPlace(SetDiagonalOp.Of(this), this, values.Given());
}

/// <summary>y = x with a source on its diagonal: x keeps the gradient beside the diagonal, the source reads what is on it.</summary>
internal readonly struct SetDiagonalOp(DiagonalOp diagonal) : IUpdateOp
{
    internal static SetDiagonalOp Of(Tensor x) => new(DiagonalOp.Of(x, 0, 0, 1));

    public string NodeName => "SetDiagonalBackward0";

    public bool Adds => false;

    public void Write(Tensor target, Tensor source)
    {
        Tensor chosen = diagonal.Forward(target);
        if (Layout.Broadcast(source.Shape, chosen.Shape) is not { } shape || !shape.Equals(chosen.Shape))
            throw new ShapeException(
                $"SetDiagonal: values of shape {source.Shape} do not broadcast to a diagonal of shape {chosen.Shape}.");
        int[] strides = Layout.ExpandStrides(source.Shape, source.Strides, chosen.Shape);
        Elements.CopyTo(Elements.ToContiguous(source.Alias(chosen.Shape, strides, source.Offset)), chosen);
    }

    public Tensor Keep(Tensor g) => Update.Apply(this, g, Update.Value(g, 0));

    public Tensor Read(Tensor g) => g.Diagonal();
}

public static partial class OpTable
{
    private static Op SetDiagonal =>
        Op.Of(OpKind.Linear, "set_diagonal", (x, y) => x.SetDiagonal(y), Matrix, new OpInput([3], Domain.Reals),
        new() { Formula = "x with y on its diagonal", Torch = "x.diagonal_scatter(y)" });
}
