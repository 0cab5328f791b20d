namespace Adjoint;

/// <summary>A row for an element-wise function of one argument, whose value and slope can be read over any algebra.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public abstract class UnaryRow : Op
{
    private protected UnaryRow() : base(OpKind.ElementWise) { }

    /// <summary>What the slope reads.</summary>
    public abstract Saves Saves { get; }

    /// <summary>Whether integers give integers; otherwise they are converted to Float32 first.</summary>
    public abstract bool KeepsIntegers { get; }

    /// <summary>Whether Bool tensors are taken.</summary>
    public abstract bool TakesBool { get; }

    /// <summary>The function that a formula calls by its name alone, applied to a value of any algebra.</summary>
    internal abstract V Called<V>(V x) where V : IAlgebra<V>;

    /// <summary>Hands the operation of <see cref="Called"/> on as what it is.</summary>
    internal abstract TResult Visit<TResult>(IUnaryVisitor<TResult> visitor);

    /// <summary>y = f(x).</summary>
    public abstract V Value<V>(V x) where V : IAlgebra<V>;

    /// <summary>dy/dx.</summary>
    public abstract V Slope<V>(V x, V y) where V : IAlgebra<V>;

    /// <summary>x = f(x), in place.</summary>
    public abstract Tensor ApplyInPlace(Tensor x);
}

/// <summary>A row for an element-wise function of two arguments, whose value and slopes can be read over any algebra.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public abstract class BinaryRow : Op
{
    private protected BinaryRow() : base(OpKind.ElementWise) { }

    /// <summary>What the slopes read.</summary>
    public abstract Saves Saves { get; }

    /// <summary>Which of it ∂z/∂x reads.</summary>
    public abstract Reads SlopeXReads { get; }

    /// <summary>Which of it ∂z/∂y reads.</summary>
    public abstract Reads SlopeYReads { get; }

    /// <summary>Whether integers give integers; otherwise they are converted to Float32 first.</summary>
    public abstract bool KeepsIntegers { get; }

    /// <summary>Whether Bool tensors are taken.</summary>
    public abstract bool TakesBool { get; }

    /// <summary>z = f(x, y).</summary>
    public abstract V Value<V>(V x, V y) where V : IAlgebra<V>;

    /// <summary>∂z/∂x.</summary>
    public abstract V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>;

    /// <summary>∂z/∂y.</summary>
    public abstract V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V>;

    /// <summary>x = f(x, y), in place.</summary>
    public abstract Tensor ApplyInPlace(Tensor x, Tensor y);
}

/// <summary>Does something with an operation whose type it does not know.</summary>
internal interface IUnaryVisitor<TResult>
{
    TResult Of<TOp>(TOp op) where TOp : struct, IUnaryOp;
}

// Whoever types a formula waits for all rows: what each of them may not be asked for is made when it is.
internal sealed class UnaryOpRow<TOp>(TOp op, string? name, TOp usual) : UnaryRow where TOp : struct, IUnaryOp
{
    private OpInfo? _info;
    private OpInput[]? _inputs;

    public override string Name => name ?? TOp.Name;

    public override OpInfo Info => _info ??= TOp.Info;

    public override IReadOnlyList<OpInput> Inputs => _inputs ??= [new OpInput([2, 3], TOp.Domain)];

    internal override IReadOnlyDictionary<string, object?> Attributes
    {
        get
        {
            var told = new OpAttributes();
            op.Describe(told);
            return told.Values;
        }
    }

    public override Saves Saves => TOp.Saves;

    public override bool KeepsIntegers => TOp.KeepsIntegers;

    public override bool TakesBool => TOp.TakesBool;

    internal override V Called<V>(V x) => V.Apply(usual, x);

    internal override TResult Visit<TResult>(IUnaryVisitor<TResult> visitor) => visitor.Of(usual);

    public override V Value<V>(V x) => op.Value(x);

    public override V Slope<V>(V x, V y) => op.Slope(x, y);

    public override Tensor Apply(params IReadOnlyList<Tensor> x) => Adjoint.Unary.Apply(op, x[0]);

    public override Tensor ApplyInPlace(Tensor x) => Adjoint.Unary.ApplyInPlace(op, x);
}

internal sealed class BinaryOpRow<TOp>(TOp op, string? name) : BinaryRow where TOp : struct, IBinaryOp
{
    private OpInfo? _info;
    private OpInput[]? _inputs;

    public override string Name => name ?? TOp.Name;

    public override OpInfo Info => _info ??= TOp.Info;

    public override IReadOnlyList<OpInput> Inputs => _inputs ??= [new OpInput([2, 3], TOp.DomainX), new OpInput([2, 3], TOp.DomainY)];

    internal override IReadOnlyDictionary<string, object?> Attributes
    {
        get
        {
            var told = new OpAttributes();
            op.Describe(told);
            return told.Values;
        }
    }

    public override Saves Saves => TOp.Saves;

    public override bool KeepsIntegers => TOp.KeepsIntegers;

    public override bool TakesBool => TOp.TakesBool;

    public override Reads SlopeXReads => TOp.SlopeXReads;

    public override Reads SlopeYReads => TOp.SlopeYReads;

    public override V Value<V>(V x, V y) => op.Value(x, y);

    public override V SlopeX<V>(V x, V y, V z) => op.SlopeX(x, y, z);

    public override V SlopeY<V>(V x, V y, V z) => op.SlopeY(x, y, z);

    public override Tensor Apply(params IReadOnlyList<Tensor> x) => Adjoint.Binary.Apply(op, x[0], x[1]);

    public override Tensor ApplyInPlace(Tensor x, Tensor y) => Adjoint.Binary.ApplyInPlace(op, x, y);
}
