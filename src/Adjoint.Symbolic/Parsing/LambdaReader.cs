using System.Linq.Expressions;

namespace Adjoint.Symbolic;

/// <summary>
/// Reads the expression tree of a C# lambda over doubles: arithmetic, <see cref="Math"/>, comparisons in <c>?:</c>, captured values.
/// </summary>
/// <remarks>
/// Note [C#'s meaning]: a formula knows real numbers only. So what no parameter takes part in is computed by C# itself, in its own
/// types: whole numbers that wrap or are cut off, single precision, decimals, checked arithmetic. What depends on a parameter is read
/// if it is arithmetic of doubles, and refused by name if it is not: a cast, a division of whole numbers, another function.
/// </remarks>
internal sealed class LambdaReader
{
    private readonly Dictionary<ParameterExpression, Expr> _parameters = [];

    private LambdaReader(LambdaExpression lambda)
    {
        var names = new HashSet<string>();
        foreach (var parameter in lambda.Parameters)
            if (parameter.Name is { Length: > 0 } name && !names.Add(name))
                throw new NotSupportedException($"Two parameters are called {name}; a formula tells its variables apart by their names.");
        foreach (var (i, parameter) in lambda.Parameters.Index())
        {
            bool isNamed = parameter.Name is { Length: > 0 };
            if (isNamed && VariableNames.Constant(parameter.Name!) is { } constant)
                throw new NotSupportedException(
                    $"A parameter called {parameter.Name} would read as {constant} wherever the formula is printed; give it another name.");
            string name = isNamed ? parameter.Name! : $"x{i + 1}";
            if (!isNamed)
                while (!names.Add(name)) name += "_";
            _parameters[parameter] = new Variable(name);
        }
    }

    public static Expr Read(LambdaExpression lambda) => new LambdaReader(lambda).Read(lambda.Body);

    /// <summary>The formula of an expression whose value is a number.</summary>
    private Expr Read(Expression e)
    {
        LambdaValue.CheckStack();
        if (IsComputed(e)) return LambdaValue.NumberOf(e);
        return e switch
        {
            ParameterExpression p => _parameters[p],
            UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked, Method: null } u => ReadConversion(u),
            UnaryExpression { NodeType: ExpressionType.UnaryPlus } u when IsDouble(u) => Read(u.Operand),
            UnaryExpression { NodeType: ExpressionType.Negate or ExpressionType.NegateChecked } u when IsDouble(u) => -Read(u.Operand),
            BinaryExpression b => ReadBinary(b),
            ConditionalExpression c => ReadChoice(c.Test, c.IfTrue, c.IfFalse),
            MethodCallExpression m => ReadCall(m),
            _ => ComputedOrRefused(e),
        };
    }

    private Expr ComputedOrRefused(Expression e) => DependsOnParameters(e) ? throw Unreadable(e) : LambdaValue.NumberOf(e);

    /// <summary>
    /// Whether C# computes it: no parameter takes part. A call of <see cref="Math"/> stays one where it stands as a double, because
    /// √2 reads better than 1.4142135623730951.
    /// </summary>
    private bool IsComputed(Expression e) => !DependsOnParameters(e) && !(e.Type == typeof(double) && ContainsFormulaCall(e));

    private bool DependsOnParameters(Expression e) =>
        LambdaValue.Any(e, part => part is ParameterExpression p && _parameters.ContainsKey(p));

    private static bool ContainsFormulaCall(Expression e) =>
        LambdaValue.Any(e, part => part is MethodCallExpression m && LambdaFunctions.Of(m) is not null)
        && !LambdaValue.Any(
            e, part => part is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } u && !IsDouble(u));

    private static bool IsDouble(Expression e) => e.Type == typeof(double);

    /// <summary>Only to a double, from numbers that stand as they are: the branches of a choice, a sign.</summary>
    private Expr ReadConversion(UnaryExpression u)
    {
        if (IsDouble(u) && u.Operand.Type.IsPrimitive && u.Operand.Type != typeof(char)) return Read(u.Operand);
        string type = LambdaValue.Word(u.Type), operand = LambdaValue.Text(u.Operand);
        throw new NotSupportedException(
            u.Type == typeof(float) || u.Type == typeof(Half)
            ? $"({type}){operand} rounds to fewer digits than a formula's double precision; leave it out."
            : u.Type == typeof(decimal) ? $"({type}){operand} goes on in decimals; a formula is in double precision."
            : $"({type}){operand} cuts the fraction off and has a largest value; write Math.Truncate({operand}) if the first is meant.");
    }

    private Expr ReadBinary(BinaryExpression b)
    {
        if (!IsDouble(b) || !IsDouble(b.Left) || !IsDouble(b.Right))
        {
            // What is refused further in says more.
            Read(b.Left);
            Read(b.Right);
            throw new NotSupportedException(b.NodeType is ExpressionType.Divide && b.Type.IsPrimitive
                ? $"{LambdaValue.Text(b)} divides whole numbers and cuts the fraction off; write one of them as a double."
                : $"{LambdaValue.Text(b)} calculates in {LambdaValue.Word(b.Type)}, not in double; write one of its operands as a double.");
        }
        Expr x = Read(b.Left), y = Read(b.Right);
        return b.NodeType switch
        {
            ExpressionType.Add or ExpressionType.AddChecked => x + y,
            ExpressionType.Subtract or ExpressionType.SubtractChecked => x - y,
            ExpressionType.Multiply or ExpressionType.MultiplyChecked => x * y,
            ExpressionType.Divide => x / y,
            ExpressionType.Modulo => x.Fmod(y),         // the sign is that of x in both
            ExpressionType.Power => Power.Of(x, y),
            _ => throw Unreadable(b),
        };
    }

    /// <summary>Where a comparison is undone by a NaN, C# takes the last branch, and so does the formula.</summary>
    private Expr ReadChoice(Expression test, Expression then, Expression otherwise)
    {
        if (!DependsOnParameters(test)) return Read(LambdaValue.Of(test) is true ? then : otherwise);
        return Decide(test, Read(then), Read(otherwise));
    }

    private Expr Decide(Expression test, Expr then, Expr otherwise)
    {
        LambdaValue.CheckStack();
        if (!DependsOnParameters(test)) return LambdaValue.Of(test) is true ? then : otherwise;
        switch (test)
        {
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                return Decide(not.Operand, otherwise, then);
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both:
                return Decide(both.Left, Decide(both.Right, then, otherwise), otherwise);
            case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either:
                return Decide(either.Left, then, Decide(either.Right, then, otherwise));
            case MethodCallExpression { Method: { Name: nameof(double.IsNaN), DeclaringType: { } type }, Arguments: [var x] }
                when type == typeof(double):
                return Read(x) is var e ? Expr.IfEqual(e, e, otherwise, then) : e;
            case BinaryExpression b when IsComparable(b.Left) && IsComparable(b.Right):
                return Compare(b, Read(b.Left), Read(b.Right), then, otherwise);
            default:
                throw Unreadable(test);
        }
    }

    private static Expr Compare(BinaryExpression test, Expr x, Expr y, Expr then, Expr otherwise) => test.NodeType switch
    {
        ExpressionType.LessThan => Expr.IfLess(x, y, then, otherwise),
        ExpressionType.GreaterThan => Expr.IfLess(y, x, then, otherwise),
        ExpressionType.LessThanOrEqual => Conditional.IfAtMost(x, y, then, otherwise),
        ExpressionType.GreaterThanOrEqual => Conditional.IfAtMost(y, x, then, otherwise),
        ExpressionType.Equal => Expr.IfEqual(x, y, then, otherwise),
        ExpressionType.NotEqual => Expr.IfEqual(x, y, otherwise, then),
        _ => throw Unreadable(test),
    };

    /// <summary>Types whose values a double holds exactly, so that comparing them is comparing doubles.</summary>
    private static bool IsComparable(Expression e) => e.Type == typeof(double) || e.Type == typeof(float)
        || e.Type == typeof(int) || e.Type == typeof(short) || e.Type == typeof(byte) || e.Type == typeof(sbyte) || e.Type == typeof(ushort)
        || e.Type == typeof(uint);

    private Expr ReadCall(MethodCallExpression call)
    {
        if (LambdaFunctions.Of(call) is not { } function)
            return DependsOnParameters(call) && LambdaFunctions.Refusal(call) is { } refusal ? throw refusal : ComputedOrRefused(call);
        return function([.. call.Arguments.Where(a => a.Type == typeof(double)).Select(Read)]);
    }

    private static NotSupportedException Unreadable(Expression e) => new($"{LambdaValue.Text(e)} cannot be read as a formula. "
        + "Use + - * / %, the functions of Math on doubles, ?: with comparisons joined by && and ||, and captured numbers.");
}
