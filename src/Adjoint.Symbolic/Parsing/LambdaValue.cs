using System.Linq.Expressions;

namespace Adjoint.Symbolic;

/// <summary>Parts of a lambda that no parameter takes part in: C# computes them.</summary>
internal static class LambdaValue
{
    private const int DeepestText = 500;

    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(short)] = "short",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(char)] = "char",
        [typeof(bool)] = "bool",
    };

    /// <summary>Types whose functions give the same value for the same arguments, always.</summary>
    private static readonly HashSet<Type> Pure =
    [
        typeof(Math), typeof(MathF), typeof(Convert), typeof(Half), typeof(System.Numerics.BigInteger), typeof(Int128), typeof(UInt128),
            .. Words.Keys,
    ];

    /// <summary>The value as a number of a formula.</summary>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static Numeral NumberOf(Expression e) => Numeral.Of(Convert.ToDouble(Of(e), System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The value, with the type it has in C#.</summary>
    /// <exception cref="NotSupportedException">C# throws where it computes it, it is no number, or may be another one the next
    /// time.</exception>
    public static object Of(Expression e)
    {
        if (Any(e, part => part is InvocationExpression
            || part is MethodCallExpression { Method: { IsSpecialName: false } called } && !Pure.Contains(called.DeclaringType!)))
            throw new NotSupportedException(
                $"{Text(e)} calls a function that a formula does not know; if its value is always the same, compute it before and "
                + "capture that.");
        object? value;
        try
        {
            value = Expression.Lambda<Func<object?>>(Expression.Convert(e, typeof(object))).Compile(preferInterpretation: true)();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new NotSupportedException($"{Text(e)} has no value: {error.Message}", error);
        }
        return value switch
        {
            System.Numerics.BigInteger or Half or Int128 or UInt128 or nint or nuint => AsDouble(value),
            IConvertible and not string and not char and not DateTime => value,
            _ => throw new NotSupportedException($"{Text(e)} is {value?.GetType().Name ?? "null"}, not a number."),
        };
    }

    /// <summary>Whether a part of an expression is as asked.</summary>
    public static bool Any(Expression e, Func<Expression, bool> asked)
    {
        var search = new Search(asked);
        search.Visit(e);
        return search.Found;
    }

    /// <summary>The keyword of a type, or its name.</summary>
    public static string Word(Type type) => Words.GetValueOrDefault(type, type.Name);

    /// <summary>An expression much as it was written: without the class that captured variables live in.</summary>
    public static string Text(Expression e)
    {
        // The framework's own text of an expression does not look at the stack.
        if (IsDeeperThan(e, DeepestText)) return $"An expression of more than {DeepestText} operations inside each other";
        string text = e.ToString();
        text = System.Text.RegularExpressions.Regex.Replace(text, @"value\([^()]*\)\.", "");
        return text.Length <= 120 ? text : text[..119] + "…";
    }

    /// <summary>Asked by what goes through an expression by calling itself.</summary>
    /// <exception cref="InsufficientExecutionStackException">The stack of the thread is about to end.</exception>
    public static void CheckStack()
    {
        if (!UserCode.HasStack)
            throw new InsufficientExecutionStackException("The lambda is nested so deeply that the stack of this thread ends before all "
                + "of it is read. "
                + "Build the formula with the operators of Expr, or read the lambda in a new Thread(…, maxStackSize) with a larger stack.");
    }

    private static bool IsDeeperThan(Expression e, int most)
    {
        var measure = new Measure(most);
        measure.Visit(e);
        return measure.IsDeeper;
    }

    private static object AsDouble(object value) => value switch
    {
        System.Numerics.BigInteger n => (double)n,
        Half n => (double)n,
        Int128 n => (double)n,
        UInt128 n => (double)n,
        nint n => (double)n,
        nuint n => (double)n,
        _ => value,
    };

    private sealed class Search(Func<Expression, bool> asked) : ExpressionVisitor
    {
        public bool Found { get; private set; }

        public override Expression? Visit(Expression? node)
        {
            if (node is null || Found) return node;
            CheckStack();
            Found = asked(node);
            return Found ? node : base.Visit(node);
        }
    }

    private sealed class Measure(int most) : ExpressionVisitor
    {
        private int _depth;

        public bool IsDeeper { get; private set; }

        public override Expression? Visit(Expression? node)
        {
            if (node is null || (IsDeeper |= _depth == most)) return node;
            _depth++;
            base.Visit(node);
            _depth--;
            return node;
        }
    }
}
