namespace Adjoint.Symbolic;

/// <summary>
/// A primitive operation of one argument as a value: what <see cref="UnaryCall"/> holds. There is no table of derivatives here;
/// value and slope are those of the operation's own struct.
/// </summary>
public abstract class UnaryFunction
{
    private protected UnaryFunction() { }

    /// <summary>The operation's name: <c>log</c>, <c>sin</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the operation says of itself: how it is written, and what is true of it.</summary>
    public abstract OpInfo Info { get; }

    /// <summary>y = f(x) over any algebra.</summary>
    public abstract V Value<V>(V x) where V : IAlgebra<V>;

    /// <summary>dy/dx over any algebra, given x and y.</summary>
    public abstract V Slope<V>(V x, V y) where V : IAlgebra<V>;

    /// <summary>f(x) for a number.</summary>
    public double Evaluate(double x) => Value(new Real<double>(x)).Value;

    /// <summary>The one instance that stands for <typeparamref name="TOp"/>.</summary>
    public static UnaryFunction Of<TOp>() where TOp : struct, IPrimitive => Primitive<TOp>.Instance;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class Primitive<TOp> : UnaryFunction where TOp : struct, IPrimitive
    {
        public static readonly Primitive<TOp> Instance = new();

        public override string Name => TOp.Name;

        public override OpInfo Info { get; } = TOp.Info;

        public override V Value<V>(V x) => V.Apply<TOp>(x);

        public override V Slope<V>(V x, V y) => default(TOp).Slope(x, y);
    }
}
