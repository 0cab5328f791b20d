namespace Adjoint;

public sealed partial class Tensor : IAlgebra<Tensor>
{
    /// <summary>x + y, element by element, with broadcasting.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Binary.Apply(new AddOp(), x, y);

    /// <summary>x − y, element by element, with broadcasting.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Binary.Apply(new SubOp(), x, y);

    /// <summary>x · y, element by element, with broadcasting.</summary>
    public static Tensor operator *(Tensor x, Tensor y) => Binary.Apply(new MulOp(), x, y);

    /// <summary>x / y, element by element, with broadcasting; integers give Float32.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => Binary.Apply(new DivOp(), x, y);

    /// <summary>−x.</summary>
    public static Tensor operator -(Tensor x) => x.Given().Neg();

    /// <summary>x + c for a number c.</summary>
    public static Tensor operator +(Tensor x, Number c) => Binary.Apply(new AddOp(), x.Given(), c.Beside(x));

    /// <summary>c + x for a number c.</summary>
    public static Tensor operator +(Number c, Tensor x) => Binary.Apply(new AddOp(), x.Given(), c.Beside(x));

    /// <summary>x − c for a number c.</summary>
    public static Tensor operator -(Tensor x, Number c) => Binary.Apply(new SubOp(), x.Given(), c.Beside(x));

    /// <summary>c − x for a number c.</summary>
    public static Tensor operator -(Number c, Tensor x) => Binary.Apply(new RsubOp(), x.Given(), c.Beside(x));

    /// <summary>x · c for a number c.</summary>
    public static Tensor operator *(Tensor x, Number c) => Binary.Apply(new MulOp(), x.Given(), c.Beside(x));

    /// <summary>c · x for a number c.</summary>
    public static Tensor operator *(Number c, Tensor x) => Binary.Apply(new MulOp(), x.Given(), c.Beside(x));

    /// <summary>x / c for a number c; integers give Float32.</summary>
    public static Tensor operator /(Tensor x, Number c) => Binary.Apply(new DivOp(), x.Given(), c.Beside(x));

    /// <summary>c / x for a number c; integers give Float32.</summary>
    public static Tensor operator /(Number c, Tensor x) => x.Given().Reciprocal() * c;

    // ---- the algebra: formulas of operations read over tensors give derivatives of any order ----

    static Tensor IAlgebra<Tensor>.operator +(Tensor x, double c) => x + (Number)c;

    static Tensor IAlgebra<Tensor>.operator +(double c, Tensor x) => (Number)c + x;

    static Tensor IAlgebra<Tensor>.operator -(Tensor x, double c) => x - (Number)c;

    static Tensor IAlgebra<Tensor>.operator -(double c, Tensor x) => (Number)c - x;

    static Tensor IAlgebra<Tensor>.operator *(Tensor x, double c) => x * (Number)c;

    static Tensor IAlgebra<Tensor>.operator *(double c, Tensor x) => (Number)c * x;

    static Tensor IAlgebra<Tensor>.operator /(Tensor x, double c) => x / (Number)c;

    static Tensor IAlgebra<Tensor>.operator /(double c, Tensor x) => (Number)c / x;

    static Tensor IAlgebra<Tensor>.Constant(double value) => NumberOf(value, DType.Float64);

    static Tensor IAlgebra<Tensor>.Apply<TOp>(Tensor x) => Unary.Apply(default(TOp), x);

    static Tensor IAlgebra<Tensor>.Apply<TOp>(TOp op, Tensor x) => Unary.Apply(op, x);

    static Tensor IAlgebra<Tensor>.Apply<TOp>(Tensor x, Tensor y) => Binary.Apply(default(TOp), x, y);

    static Tensor IAlgebra<Tensor>.IfLess(Tensor x, Tensor y, Tensor then, Tensor otherwise) => Choose(x < y, x, y, then, otherwise);

    static Tensor IAlgebra<Tensor>.IfEqual(Tensor x, Tensor y, Tensor then, Tensor otherwise) => Choose(x.Eq(y), x, y, then, otherwise);

    // Of two numbers neither has a dtype of its own: the result has that of what was compared.
    private static Tensor Choose(Tensor condition, Tensor x, Tensor y, Tensor then, Tensor otherwise) =>
        Where(condition, then.IsNumber && otherwise.IsNumber ? then.To(Promotion.Of(x, y)) : then, otherwise);
}
