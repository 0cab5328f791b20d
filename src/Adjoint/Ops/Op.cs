namespace Adjoint;

/// <summary>What is written by hand for an operation, and so what follows from it.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public enum OpKind
{
    /// <summary>A value and its slopes, element by element.</summary>
    ElementWise,

    /// <summary>A function and its transpose; the tangent is the function itself.</summary>
    Linear,

    /// <summary>Linear in each of two arguments.</summary>
    Bilinear,

    /// <summary>A function, its gradient and its tangent.</summary>
    Other,

    /// <summary>A function without a gradient: its result never requires grad.</summary>
    Zero,

    /// <summary>An expression of other operations.</summary>
    Composite,
}

/// <summary>One row of <see cref="OpTable"/>: an operation, and arguments to try it on.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public abstract class Op
{
    private protected Op(OpKind kind) => Kind = kind;

    /// <summary>PyTorch's name, with an addition where several rows would have one.</summary>
    public abstract string Name { get; }

    /// <summary>What is written by hand.</summary>
    public OpKind Kind { get; }

    /// <summary>How it is written, called and asked for elsewhere.</summary>
    public abstract OpInfo Info { get; }

    /// <summary>Shapes and domains of tensor arguments to try it on.</summary>
    public abstract IReadOnlyList<OpInput> Inputs { get; }

    /// <summary>What the row's operation is told besides tensors, by PyTorch's names.</summary>
    internal virtual IReadOnlyDictionary<string, object?> Attributes =>
        System.Collections.ObjectModel.ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Applies the operation.</summary>
    public abstract Tensor Apply(params IReadOnlyList<Tensor> x);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A row for an element-wise function of one argument.</summary>
    /// <param name="op">The operation, with parameters that the tests tell from others.</param>
    /// <param name="name">The name of the row, where the operation's own is not the only one.</param>
    /// <param name="usual">The operation that a formula means by its name alone, where that has other parameters.</param>
    internal static Op Unary<TOp>(TOp op = default, string? name = null, TOp? usual = null) where TOp : struct, IUnaryOp =>
        new UnaryOpRow<TOp>(op, name, usual ?? op);

    internal static Op Binary<TOp>(TOp op = default, string? name = null) where TOp : struct, IBinaryOp => new BinaryOpRow<TOp>(op, name);

    internal static Op Of(OpKind kind, string name, Func<Tensor, Tensor> f, OpInput x, OpInfo info) =>
        new FunctionRow(name, kind, info, xs => f(xs[0]), x);

    internal static Op Of(OpKind kind, string name, Func<Tensor, Tensor, Tensor> f, OpInput x, OpInput y, OpInfo info) =>
        new FunctionRow(name, kind, info, xs => f(xs[0], xs[1]), x, y);

    internal static Op Of(OpKind kind, string name, Func<Tensor, Tensor, Tensor, Tensor> f, OpInput x, OpInput y, OpInput z, OpInfo info) =>
        new FunctionRow(name, kind, info, xs => f(xs[0], xs[1], xs[2]), x, y, z);

    private sealed class FunctionRow(string name, OpKind kind, OpInfo info, Func<IReadOnlyList<Tensor>, Tensor> f, params OpInput[] inputs)
        : Op(kind)
    {
        public override string Name => name;

        public override OpInfo Info => info;

        public override IReadOnlyList<OpInput> Inputs => inputs;

        public override Tensor Apply(params IReadOnlyList<Tensor> x) => f(x);
    }
}

/// <summary>The shape of an argument and the numbers it may hold.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Domain">Where its elements may lie.</param>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public readonly record struct OpInput(Shape Shape, Domain Domain)
{
    /// <summary>Its shape.</summary>
    public Shape Shape { get; init; } = Shape.Given();

    private const int MostSamples = 1 << 20;
    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>Any numbers.</summary>
    public static implicit operator OpInput(Shape shape) => new(shape.Given(), Domain.Reals);

    /// <summary>Numbers of the domain, no two the same, in no order, and none near a kink.</summary>
    /// <param name="seed">Another seed, other numbers.</param>
    public Tensor Sample(int seed = 0) => Sample(Shape, seed);

    /// <summary>As <see cref="Sample(int)"/>, in another shape.</summary>
    public Tensor Sample(Shape shape, int seed)
    {
        shape.Given();
        if (shape.NumEl > MostSamples)
            throw new ArgumentOutOfRangeException(
                nameof(shape), shape.NumEl, $"Sample: no two elements may be the same, so at most {MostSamples:N0} are made, not {shape}.");
        var values = new double[shape.NumEl];
        for (int i = 0; i < values.Length; i++)
        {
            double fraction = ((i + 1) * GoldenRatio + seed * 0.2831) % 1;
            double value = Domain.Low + (Domain.High - Domain.Low) * (0.02 + 0.96 * fraction);
            foreach (double kink in Domain.Kinks)
                if (Math.Abs(value - kink) < 0.1) value = kink + (value < kink ? -0.1 : 0.1) + (value - kink);
            values[i] = value;
        }
        return Tensor.From(values, shape);
    }
}
