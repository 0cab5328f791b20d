namespace Adjoint.Symbolic;

/// <summary>A primitive operation of two arguments as a value: what <see cref="BinaryCall"/> holds.</summary>
public abstract class BinaryFunction
{
    private protected BinaryFunction() { }

    /// <summary>The operation's name: <c>atan2</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the operation says of itself: how it is written, and what is true of it.</summary>
    public abstract OpInfo Info { get; }

    /// <summary>z = f(x, y) over any algebra.</summary>
    public abstract V Value<V>(V x, V y) where V : IAlgebra<V>;

    /// <summary>∂z/∂x over any algebra.</summary>
    public abstract V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>;

    /// <summary>∂z/∂y over any algebra.</summary>
    public abstract V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V>;

    /// <summary>f(x, y) for numbers.</summary>
    public double Evaluate(double x, double y) => Value(new Real<double>(x), new Real<double>(y)).Value;

    /// <summary>The one instance that stands for <typeparamref name="TOp"/>.</summary>
    public static BinaryFunction Of<TOp>() where TOp : struct, IBinaryPrimitive => Primitive<TOp>.Instance;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class Primitive<TOp> : BinaryFunction where TOp : struct, IBinaryPrimitive
    {
        public static readonly Primitive<TOp> Instance = new();

        public override string Name => TOp.Name;

        public override OpInfo Info { get; } = TOp.Info;

        public override V Value<V>(V x, V y) => V.Apply<TOp>(x, y);

        public override V SlopeX<V>(V x, V y, V z) => default(TOp).SlopeX(x, y, z);

        public override V SlopeY<V>(V x, V y, V z) => default(TOp).SlopeY(x, y, z);
    }
}
