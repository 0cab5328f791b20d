using System.Linq.Expressions;

namespace Adjoint.Symbolic;

public abstract partial record Expr
{
    /// <summary>
    /// Reads a formula: <c>ln(x1) + x1*x2 - sin(x2)</c>. Known are + − * / ^ (also **), brackets, the functions of
    /// <see cref="KnownFunctions"/>, <c>pi</c>, <c>e</c> and <c>if(a &lt; b, then, otherwise)</c>, which compares by
    /// &lt; > = &lt;= >= !=; every other name is a variable. Powers bind tighter than signs (−x² is −(x²)) and to the right;
    /// decimals are exact.
    /// </summary>
    /// <remarks>
    /// What <see cref="ToText"/> and <see cref="ToString()"/> print is read back, and so is the notation of school: <c>2x(1 − x)</c>,
    /// <c>sin²(x)</c> or <c>sin^2(x)</c>, <c>3x⁴</c>, <c>|x − 1|</c>, <c>2√x</c>, <c>√(x + 1)</c>, <c>x·y</c>, <c>π</c>.
    /// <c>e^x</c> is read as <c>exp(x)</c>. A letter multiplies a bracket, except f, g and h: f(x + 1) looks like a call.
    /// Refused is what may be understood in two ways: <c>sin^-1(x)</c>, <c>√x²</c>.
    /// </remarks>
    /// <param name="text">The formula.</param>
    /// <exception cref="ParseException">The text is not a formula; the message points at the character.</exception>
    public static Expr Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parser.Parse(text);
    }

    /// <summary>The formula a C# lambda computes: <c>Expr.From(x => Math.Sin(x) / x)</c>.</summary>
    /// <param name="lambda">The lambda; its parameters name the variables.</param>
    /// <exception cref="NotSupportedException">It does something a formula cannot say; the message names it.</exception>
    public static Expr From(Expression<Func<double, double>> lambda) => LambdaReader.Read(lambda.Given());

    /// <summary>The formula a C# lambda of two variables computes.</summary>
    /// <param name="lambda">The lambda; its parameters name the variables.</param>
    /// <exception cref="NotSupportedException">It does something a formula cannot say; the message names it.</exception>
    public static Expr From(Expression<Func<double, double, double>> lambda) => LambdaReader.Read(lambda.Given());

    /// <summary>The formula a C# lambda of three variables computes.</summary>
    /// <param name="lambda">The lambda; its parameters name the variables.</param>
    /// <exception cref="NotSupportedException">It does something a formula cannot say; the message names it.</exception>
    public static Expr From(Expression<Func<double, double, double, double>> lambda) => LambdaReader.Read(lambda.Given());
}
