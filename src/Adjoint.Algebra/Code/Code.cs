using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The algebra read as C#: what a formula gives is its own text. It is a register too, so that functions write down their
/// steps.</summary>
/// <remarks>
/// // Note [A register that is not quite]
/// Functions look at all lanes of a register at once to take a shorter way where every lane allows it, and take the way that serves any
/// lane where one does not. What is written must serve any number. So this is a register of two lanes of which never all, and never
/// none, are as asked: no short way is taken, and both give the same bits (Note [Polynomials]).
/// </remarks>
/// <typeparam name="T">The type of the numbers.</typeparam>
internal readonly struct Code<T>(CodeNode node) : IRegister<Code<T>, T> where T : unmanaged
{
    // One of the two lanes.
    private const ulong Some = 0b10;

    /// <summary>The formula.</summary>
    internal CodeNode Node => node ?? throw new InvalidOperationException("The formula reads what it said it does not.");

    /// <summary>What a variable or an element is called.</summary>
    internal static Code<T> Named(string text) => new(new CodeNode.Name(text));

    /// <summary>A number of this type.</summary>
    internal static Code<T> Exactly(T value) => new(new CodeNode.Constant(Numbers.ToDouble(value)));

    /// <summary>The word for the type: <c>float</c>.</summary>
    internal static string Word => typeof(T) == typeof(float) ? "float" : typeof(T) == typeof(double) ? "double"
        : typeof(T) == typeof(int) ? "int" : typeof(T) == typeof(long) ? "long" : "byte";

    /// <summary>The least number of the type that is not denormal.</summary>
    internal static double LeastNormal => typeof(T) == typeof(float) ? 1.17549435e-38 : 2.2250738585072014e-308;

    private static string Functions => typeof(T) == typeof(float) ? "MathF" : "Math";

    private static bool IsReal => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    /// <inheritdoc/>
    public static Code<T> Constant(double value) => Exactly(Numbers.Convert<T>(value));

    /// <inheritdoc/>
    public static Code<T> operator +(Code<T> x, Code<T> y) => Combined('+', x, y);

    /// <inheritdoc/>
    public static Code<T> operator -(Code<T> x, Code<T> y) => Combined('-', x, y);

    /// <inheritdoc/>
    public static Code<T> operator *(Code<T> x, Code<T> y) =>
        Is(x, 1) ? y : Is(y, 1) ? x : Is(x, -1) ? -y : Is(y, -1) ? -x : Combined('*', x, y);

    /// <inheritdoc/>
    public static Code<T> operator /(Code<T> x, Code<T> y) => Is(y, 1) ? x : Combined('/', x, y);

    /// <inheritdoc/>
    public static Code<T> operator -(Code<T> x) =>
        IsReal && x.Node is CodeNode.Constant c ? new(new CodeNode.Constant(-c.Value)) : Narrowed(new CodeNode.Minus(x.Node));

    /// <inheritdoc/>
    public static Code<T> Apply<TOp>(Code<T> x) where TOp : struct, IPrimitive
    {
        if (TOp.IsShort || !IsReal) return TOp.Evaluate<Code<T>, T>(x);
        string name = Pascal(TOp.Name);
        return new(new CodeNode.Call(
            name + "({0})", CodeFunction.Of<T>(name, TOp.Info, () => TOp.Evaluate<Code<T>, T>(Named("x")).Node, "x"), x.Node));
    }

    /// <inheritdoc/>
    public static Code<T> Apply<TOp>(Code<T> x, Code<T> y) where TOp : struct, IBinaryPrimitive
    {
        if (TOp.IsShort || !IsReal) return TOp.Evaluate<Code<T>, T>(x, y);
        string name = Pascal(TOp.Name);
        return new(new CodeNode.Call(
            name + "({0}, {1})",
            CodeFunction.Of<T>(name, TOp.Info, () => TOp.Evaluate<Code<T>, T>(Named("x"), Named("y")).Node, "x", "y"), x.Node, y.Node));
    }

    /// <inheritdoc/>
    public static Code<T> IfLess(Code<T> x, Code<T> y, Code<T> then, Code<T> otherwise) =>
        Narrowed(new CodeNode.Choice("<", x.Node, y.Node, then.Node, otherwise.Node));

    /// <inheritdoc/>
    public static Code<T> IfEqual(Code<T> x, Code<T> y, Code<T> then, Code<T> otherwise) =>
        // A whole number is never NaN.
        !IsReal && ReferenceEquals(x.Node, y.Node) ? then
            : Narrowed(new CodeNode.Choice("==", x.Node, y.Node, then.Node, otherwise.Node));

    /// <inheritdoc/>
    public static int Count => 2;

    static Code<T> IRegister<Code<T>, T>.Load(ref readonly T source, nuint index) => throw NoMemory();

    static void IRegister<Code<T>, T>.Store(Code<T> value, ref T target, nuint index) => throw NoMemory();

    static unsafe void IRegister<Code<T>, T>.StoreNonTemporal(Code<T> value, T* target) => throw NoMemory();

    /// <inheritdoc/>
    public static Code<T> Broadcast(T value) => Exactly(value);

    /// <inheritdoc/>
    public static ulong Less(Code<T> x, Code<T> y) => Some;

    /// <inheritdoc/>
    public static ulong Equal(Code<T> x, Code<T> y) => Some;

    /// <inheritdoc/>
    public static Code<T> MultiplyAdd(Code<T> x, Code<T> y, Code<T> z) =>
        IsReal ? Call($"{Functions}.FusedMultiplyAdd({{0}}, {{1}}, {{2}})", null, x, y, z) : x * y + z;

    /// <inheritdoc/>
    public static Code<T> Sqrt(Code<T> x) => Call($"{Functions}.Sqrt({{0}})", null, x);

    /// <inheritdoc/>
    public static Code<T> Abs(Code<T> x) => Unsafe.SizeOf<T>() == 1 ? x
        : IsReal ? Call($"{Functions}.Abs({{0}})", null, x) : IfLess(x, Constant(0), -x, x);

    /// <inheritdoc/>
    public static Code<T> Round(Code<T> x) => IsReal ? Call($"{Functions}.Round({{0}})", null, x) : x;

    /// <inheritdoc/>
    public static Code<T> Floor(Code<T> x) => IsReal ? Call($"{Functions}.Floor({{0}})", null, x) : x;

    /// <inheritdoc/>
    public static Code<T> CopySign(Code<T> x, Code<T> sign) => IsReal ? Call($"{Functions}.CopySign({{0}}, {{1}})", null, x, sign)
        : Unsafe.SizeOf<T>() == 1 ? x : IfLess(sign, Constant(0), -Abs(x), Abs(x));

    /// <inheritdoc/>
    public static Code<T> Pow2(Code<T> n) => Call("Pow2({0})", CodeBits.Pow2<T>(), n);

    /// <inheritdoc/>
    public static Code<T> Mantissa(Code<T> x, out Code<T> exponent)
    {
        exponent = Call("Exponent({0})", CodeBits.Exponent<T>(), x);
        return Call("Mantissa({0})", CodeBits.Mantissa<T>(), x);
    }

    /// <inheritdoc/>
    public static Code<T> Map<TFunction>(Code<T> x) where TFunction : struct, IScalarFunction =>
        Call($"({Word}){Known(TFunction.Code, typeof(TFunction))}", null, x);

    /// <inheritdoc/>
    public static Code<T> Map2<TFunction>(Code<T> x, Code<T> y) where TFunction : struct, IScalarFunction2 => IsReal
        ? Call($"({Word}){Known(TFunction.Code, typeof(TFunction))}", Method(TFunction.Method), x, y)
        : Call($"({Word}){Known(TFunction.WholeCode, typeof(TFunction))}", CodeMethod.Of(TFunction.WholeMethod, "long"), x, y);

    private static CodeMethod? Method(string text) => text.Length == 0 ? null : CodeMethod.Of(text, "double");

    private static string Known(string code, Type function) =>
        code.Length > 0 ? code : throw new NotSupportedException($"The function {function.Name} has no written form.");

    private static Code<T> Call(string form, CodeMethod? method, params ReadOnlySpan<Code<T>> x)
    {
        var parts = new CodeNode[x.Length];
        for (int i = 0; i < parts.Length; i++) parts[i] = x[i].Node;
        return new(new CodeNode.Call(form, method, parts));
    }

    private static bool Is(Code<T> x, double value) => x.Node is CodeNode.Constant c && c.Value == value;

    private static Code<T> Combined(char sign, Code<T> x, Code<T> y)
    {
        if (!IsReal || x.Node is not CodeNode.Constant a || y.Node is not CodeNode.Constant b)
            return Narrowed(new CodeNode.Binary(sign, x.Node, y.Node));
        // What double gives of two floats, rounded to float, is what float gives.
        double folded = sign switch
        {
            '+' => a.Value + b.Value,
            '-' => a.Value - b.Value,
            '*' => a.Value * b.Value,
            _ => a.Value / b.Value,
        };
        return Constant(folded);
    }

    // C# computes with bytes as ints.
    private static Code<T> Narrowed(CodeNode node) =>
        Unsafe.SizeOf<T>() > 1 ? new(node) : new(new CodeNode.Call("(byte)({0})", null, node));

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static InvalidOperationException NoMemory() => new("Text has no lanes that could be loaded or stored.");
}
