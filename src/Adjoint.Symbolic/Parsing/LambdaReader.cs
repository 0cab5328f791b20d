using System.Linq.Expressions;
using System.Reflection;

namespace Adjoint.Symbolic;

/// <summary>
/// Reads the expression tree of a C# lambda over doubles: arithmetic, <see cref="Math"/>, comparisons in <c>?:</c>, captured
/// values.
/// </summary>
internal sealed class LambdaReader(LambdaExpression lambda)
{
    private readonly Dictionary<ParameterExpression, Expr> _parameters =
        lambda.Parameters.ToDictionary(p => p, p => (Expr)new Variable(p.Name ?? $"x{lambda.Parameters.IndexOf(p) + 1}"));

    public static Expr Read(LambdaExpression lambda) => new LambdaReader(lambda).Read(lambda.Body);

    private Expr Read(Expression e) => e switch
    {
        ParameterExpression p => _parameters[p],
        ConstantExpression { Value: { } value } => Number.Of(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.UnaryPlus } u =>
            Read(u.Operand),
        UnaryExpression { NodeType: ExpressionType.Negate or ExpressionType.NegateChecked } u => -Read(u.Operand),
        BinaryExpression b => ReadBinary(b),
        ConditionalExpression c => ReadChoice(c),
        MemberExpression m => ReadMember(m),
        MethodCallExpression m => ReadCall(m),
        _ => throw Unreadable(e),
    };

    private Expr ReadBinary(BinaryExpression b)
    {
        if (b.NodeType == ExpressionType.Divide && b.Type == typeof(int))
            throw new NotSupportedException($"{b} divides whole numbers and cuts the fraction off; write one of them as a double.");
        Expr x = Read(b.Left), y = Read(b.Right);
        return b.NodeType switch
        {
            ExpressionType.Add or ExpressionType.AddChecked => x + y,
            ExpressionType.Subtract or ExpressionType.SubtractChecked => x - y,
            ExpressionType.Multiply or ExpressionType.MultiplyChecked => x * y,
            ExpressionType.Divide => x / y,
            _ => throw Unreadable(b),
        };
    }

    private Expr ReadChoice(ConditionalExpression c)
    {
        if (c.Test is not BinaryExpression test) throw Unreadable(c.Test);
        Expr x = Read(test.Left), y = Read(test.Right), then = Read(c.IfTrue), otherwise = Read(c.IfFalse);
        return test.NodeType switch
        {
            ExpressionType.LessThan => Expr.IfLess(x, y, then, otherwise),
            ExpressionType.GreaterThan => Expr.IfLess(y, x, then, otherwise),
            ExpressionType.LessThanOrEqual => Expr.IfLess(x, y, then, Expr.IfEqual(x, y, then, otherwise)),
            ExpressionType.GreaterThanOrEqual => Expr.IfLess(y, x, then, Expr.IfEqual(x, y, then, otherwise)),
            ExpressionType.Equal => Expr.IfEqual(x, y, then, otherwise),
            ExpressionType.NotEqual => Expr.IfEqual(x, y, otherwise, then),
            _ => throw Unreadable(test),
        };
    }

    /// <summary>Math.PI and Math.E arrive as constants; a captured variable is a field of an object the compiler made.</summary>
    private Expr ReadMember(MemberExpression m) =>
        Number.Of(Convert.ToDouble(ValueOf(m), System.Globalization.CultureInfo.InvariantCulture));

    private static object? ValueOf(Expression? e) => e switch
    {
        null => null,
        ConstantExpression c => c.Value,
        MemberExpression { Member: FieldInfo field } m => field.GetValue(ValueOf(m.Expression)),
        MemberExpression { Member: PropertyInfo property } m => property.GetValue(ValueOf(m.Expression)),
        _ => throw Unreadable(e),
    };

    private Expr ReadCall(MethodCallExpression call)
    {
        if (call.Method.DeclaringType != typeof(Math) && call.Method.DeclaringType != typeof(MathF)
            && call.Method.DeclaringType != typeof(double))
            throw Unreadable(call);
        var arguments = call.Arguments.Select(Read).ToList();
        string name = call.Method.Name.ToLowerInvariant() switch
        {
            "ceiling" => "ceil",
            "truncate" => "trunc",
            var n => n,
        };
        if (name == "log" && arguments.Count == 2) return arguments[0].Log() / arguments[1].Log();
        return KnownFunctions.ArityOf(name) == arguments.Count ? KnownFunctions.Call(name, arguments) : throw Unreadable(call);
    }

    private static NotSupportedException Unreadable(Expression e) => new(
        $"{e} cannot be read as a formula. Use + - * /, the functions of Math on doubles, ?: with one comparison, and captured numbers.");
}
