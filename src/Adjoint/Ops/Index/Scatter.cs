namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy with y[…, index[i, j, …], …] = source[i, j, …]: the counterpart of <see cref="Gather"/>.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">Int64 places, as many dimensions as this tensor.</param>
    /// <param name="source">What is written; no smaller than the index.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    /// <exception cref="ShapeException">Index and source do not fit.</exception>
    public Tensor Scatter(int dim, Tensor index, Tensor source) => Update.Apply(ScatterOp<ScatterName>.Of(this, dim, index.Given(), source.Given(), false), this, source);

    /// <summary>A copy with a number at the places that the index names along a dimension.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor Scatter(int dim, Tensor index, Number value) =>
        Update.Apply(ScatterOp<ScatterValueName>.Of(this, dim, index.Given(), null, false), this, Update.Value(this, value));

    /// <summary>A copy to which a source is added at the places that the index names along a dimension.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor ScatterAdd(int dim, Tensor index, Tensor source) => Update.Apply(ScatterOp<ScatterAddName>.Of(this, dim, index.Given(), source.Given(), true), this, source);

    /// <summary>Writes a source to the places that the index names along a dimension, in place.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor ScatterInPlace(int dim, Tensor index, Tensor source) =>
        Update.ApplyInPlace(ScatterOp<ScatterName>.Of(this, dim, index.Given(), source.Given(), false), this, source);

    /// <summary>Writes a number to the places that the index names along a dimension, in place.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor ScatterInPlace(int dim, Tensor index, Number value) =>
        Update.ApplyInPlace(ScatterOp<ScatterValueName>.Of(this, dim, index.Given(), null, false), this, Update.Value(this, value));

    /// <summary>Adds a source to the places that the index names along a dimension, in place.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor ScatterAddInPlace(int dim, Tensor index, Tensor source) =>
        Update.ApplyInPlace(ScatterOp<ScatterAddName>.Of(this, dim, index.Given(), source.Given(), true), this, source);
}

internal readonly struct ScatterName : INodeName
{
    public static string Value => "ScatterBackward0";
}

internal readonly struct ScatterValueName : INodeName
{
    public static string Value => "ScatterBackward1";
}

internal readonly struct ScatterAddName : INodeName
{
    public static string Value => "ScatterAddBackward0";
}

/// <summary>y = x with a source at one index along a dimension, or added there.</summary>
internal readonly struct ScatterOp<TName>(int dim, Tensor index, bool accumulate) : IUpdateOp where TName : struct, INodeName
{
    private static readonly string s_operation = TName.Value[..TName.Value.IndexOf("Backward", StringComparison.Ordinal)];

    private readonly int _version = index.ChangeCount;

    public static string NodeName => TName.Value;

    public static string Operation => s_operation;

    public bool Adds => accumulate;

    internal static ScatterOp<TName> Of(Tensor x, int dim, Tensor index, Tensor? source, bool accumulate)
    {
        Tensor places = Picking.Checked(Operation, x, dim, index);
        bool fits = source is null || index.NumEl == 0 || source.NDim == index.NDim;
        for (int d = 0; fits && source is not null && index.NumEl > 0 && d < index.NDim; d++) fits = index.Shape[d] <= source.Shape[d];
        if (!fits) throw new ShapeException($"{Operation}: the source of shape {source!.Shape} is smaller than the index of shape {index.Shape}.");
        return new ScatterOp<TName>(x.Shape.Wrap(dim), places, accumulate);
    }

    public void Write(Tensor target, Tensor source)
    {
        if (source.NDim == 0 && index.NDim > 0) source = source.Alias(index.Shape, new int[index.NDim], source.Offset);
        Picking.Write(target, dim, index, source, accumulate);
    }

    public Tensor Keep(Tensor g) => accumulate ? g : g.Scatter(dim, IndexTensors.Unchanged(NodeName, index, _version), 0.0);

    public Tensor Read(Tensor g) => g.Gather(dim, IndexTensors.Unchanged(NodeName, index, _version));
}
