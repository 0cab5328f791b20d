namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Whether the sign of an element is −, that of −0 and of a NaN included: a Bool tensor.</summary>
    public Tensor SignBit()
    {
        try
        {
            return DType.IsFloatingPoint ? OnesLike().CopySign(Detach()).Lt(0) : Lt(0);
        }
        catch (TensorException e) when (e.IsOf(nameof(SignBit)))
        {
            throw;
        }
    }

    /// <summary>Whether an element is ∞: a Bool tensor.</summary>
    public Tensor IsPosInf()
    {
        try
        {
            return Eq(double.PositiveInfinity);
        }
        catch (TensorException e) when (e.IsOf(nameof(IsPosInf)))
        {
            throw;
        }
    }

    /// <summary>Whether an element is −∞: a Bool tensor.</summary>
    public Tensor IsNegInf()
    {
        try
        {
            return Eq(double.NegativeInfinity);
        }
        catch (TensorException e) when (e.IsOf(nameof(IsNegInf)))
        {
            throw;
        }
    }

    /// <summary>Whether each element is one of others: a Bool tensor. NaN is none of them.</summary>
    /// <param name="testElements">The others, in any shape.</param>
    /// <param name="invert">Whether it is asked which elements are none of them.</param>
    public Tensor IsIn(Tensor testElements, bool invert = false)
    {
        try
        {
            return Membership.Of(Detach(), testElements.Given().Detach(), invert);
        }
        catch (TensorException e) when (e.IsOf(nameof(IsIn)))
        {
            throw;
        }
    }
}

/// <summary>What is among others: the place it would have in their order is taken by its like.</summary>
internal static class Membership
{
    internal static Tensor Of(Tensor x, Tensor others, bool invert)
    {
        if (others.NumEl == 0) return Tensor.Full(x.Shape, invert, DType.Bool);
        DType dtype = DTypes.Promote(x.DType, others.DType);
        Tensor sorted = others.To(dtype).Flatten().Sort(0).Values, given = x.To(dtype);
        Tensor found = sorted.Take(sorted.SearchSorted(given).Clamp(max: others.NumEl - 1)).Eq(given);
        return invert ? found.LogicalNot() : found;
    }
}

public static partial class OpTable
{
    private static Op SignBit => Op.Of(OpKind.Zero, "signbit", x => x.SignBit(), Matrix,
        new() { Formula = "whether the sign of x is −", Torch = "x.signbit()" });

    private static Op IsPosInf => Op.Of(OpKind.Zero, "isposinf", x => (1 / x.Floor()).IsPosInf(), Matrix,
        new() { Formula = "x = ∞", Torch = "(1 / x.floor()).isposinf()", Onnx = "IsInf" });

    private static Op IsNegInf => Op.Of(OpKind.Zero, "isneginf", x => (-1 / x.Floor()).IsNegInf(), Matrix,
        new() { Formula = "x = −∞", Torch = "(-1 / x.floor()).isneginf()" });

    private static Op IsIn => Op.Of(OpKind.Zero, "isin", (x, y) => x.Floor().IsIn(y.Floor()), Matrix, Row,
        new() { Formula = "whether x is one of y", Torch = "torch.isin(x.floor(), y.floor())" });
}
