namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>x + c·y·z, element by element, with broadcasting.</summary>
    /// <param name="tensor1">y.</param>
    /// <param name="tensor2">z.</param>
    /// <param name="value">c; by default 1.</param>
    /// <exception cref="DTypeException">All three are of truth values, which have no such sum.</exception>
    public Tensor AddCMul(Tensor tensor1, Tensor tensor2, Number? value = null)
    {
        try
        {
            return Fused.Product(this, tensor1.Given(), tensor2.Given(), value ?? 1)
                ?? this.Add(Product("AddCMul", tensor1, tensor2), value ?? 1);
        }
        catch (TensorException e) when (e.IsOf(nameof(AddCMul)))
        {
            throw;
        }
    }

    /// <summary>x + c·y/z, element by element, with broadcasting.</summary>
    /// <param name="tensor1">y.</param>
    /// <param name="tensor2">z.</param>
    /// <param name="value">c; by default 1.</param>
    public Tensor AddCDiv(Tensor tensor1, Tensor tensor2, Number? value = null)
    {
        try
        {
            return Fused.Quotient(this, tensor1.Given(), tensor2.Given(), value ?? 1) ?? this.Add(tensor1 / tensor2, value ?? 1);
        }
        catch (TensorException e) when (e.IsOf(nameof(AddCDiv)))
        {
            throw;
        }
    }

    /// <summary>x += c·y·z, in place.</summary>
    public Tensor AddCMulInPlace(Tensor tensor1, Tensor tensor2, Number? value = null)
    {
        try
        {
            return AddInPlace(Product("AddCMulInPlace", tensor1.Given(), tensor2.Given()), value ?? 1);
        }
        catch (TensorException e) when (e.IsOf(nameof(AddCMulInPlace)))
        {
            throw;
        }
    }

    /// <summary>x += c·y/z, in place.</summary>
    public Tensor AddCDivInPlace(Tensor tensor1, Tensor tensor2, Number? value = null)
    {
        try
        {
            return AddInPlace(tensor1.Given() / tensor2.Given(), value ?? 1);
        }
        catch (TensorException e) when (e.IsOf(nameof(AddCDivInPlace)))
        {
            throw;
        }
    }

    private Tensor Product(string operation, Tensor tensor1, Tensor tensor2) =>
        tensor1 * tensor2 is var product && !(product.DType.IsBool && DType.IsBool) ? product
        : throw new DTypeException($"{operation}: is not defined for Bool tensors. Convert one with To(DType.Int64).");

    /// <summary>Linear interpolation x + w·(end − x) with a weight for each element, with broadcasting.</summary>
    /// <param name="end">The value at w = 1.</param>
    /// <param name="weight">w.</param>
    public Tensor Lerp(Tensor end, Tensor weight)
    {
        try
        {
            return InnerResult.Of(InnerResult.Of(end.Given() - this, way => weight.Given() * way), part => this + part);
        }
        catch (TensorException e) when (e.IsOf(nameof(Lerp)))
        {
            throw;
        }
    }

    /// <summary>min(max(x, a), b) with bounds for each element, with broadcasting; null for no bound.</summary>
    /// <param name="min">a.</param>
    /// <param name="max">b.</param>
    /// <exception cref="ArgumentException">Both bounds are null.</exception>
    public Tensor Clamp(Tensor? min, Tensor? max)
    {
        try
        {
            return TensorBounds.Clamp(this, min, max);
        }
        catch (TensorException e) when (e.IsOf(nameof(Clamp)))
        {
            throw;
        }
    }
}

/// <summary>Bounds that are tensors: the gradient goes to what was taken, on a bound to x.</summary>
internal static class TensorBounds
{
    internal static Tensor Clamp(Tensor x, Tensor? min, Tensor? max)
    {
        if (min is null && max is null) throw new ArgumentException("Clamp: both bounds are null; give min, max or both.");
        if (min is null) return Binary.Apply(new ClampMaxTensorOp(), x, max!);
        Tensor y = Binary.Apply(new ClampMinTensorOp(), x, min);
        return max is null ? y : InnerResult.Of(y, least => Binary.Apply(new ClampMaxTensorOp(), least, max));
    }
}

public static partial class OpTable
{
    private static Op AddCMul => Op.Of(OpKind.Composite, "addcmul", (x, y, z) => x.AddCMul(y, z, 0.5), Matrix, Row, Matrix,
        new() { Formula = "x + c·y·z", Torch = "x.addcmul(y, z, value=0.5)" });

    private static Op AddCDiv =>
        Op.Of(OpKind.Composite, "addcdiv", (x, y, z) => x.AddCDiv(y, z, 0.5), Matrix, Row, new OpInput([3, 1], Domain.Positive),
            new() { Formula = "x + c·y/z", Torch = "x.addcdiv(y, z, value=0.5)" });

    private static Op LerpTensor => Op.Of(OpKind.Composite, "lerp_tensor", (x, y, z) => x.Lerp(y, z), Matrix, Row, Matrix,
        new() { Formula = "x + z·(y − x)", Torch = "x.lerp(y, z)" });

    private static Op ClampTensor => Op.Of(OpKind.Composite, "clamp_tensor",
        (x, y, z) => x.Clamp(y, z), Matrix, new OpInput([4], new Domain(-2, -1)), new OpInput([4], new Domain(1, 2)),
        new() { Formula = "min(max(x, y), z)", Torch = "x.clamp(y, z)" });
}
