using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>Random formulas of x and y, the same for the same seed.</summary>
internal sealed class RandomFormulas(int seed)
{
    private static readonly string[] Functions = ["sin", "cos", "exp", "ln", "sqrt", "tanh", "atan", "abs", "tan", "sinh", "cosh", "sigmoid"];

    private readonly System.Random _random = new(seed);

    /// <summary>How many formulas a test takes: some hundreds, or as many as ADJOINT_FORMULAS says, with other seeds then.</summary>
    internal static (int Seed, int Count) Amount(int seed, int usual) =>
        Environment.GetEnvironmentVariable("ADJOINT_FORMULAS") is { Length: > 0 } asked ? (seed + 1000, int.Parse(asked, System.Globalization.CultureInfo.InvariantCulture)) : (seed, usual);

    public Expr Next(int depth)
    {
        if (depth == 0 || _random.Next(8) == 0)
            return _random.Next(4) switch
            {
                0 => Expr.Constant(_random.Next(-3, 4)),
                1 => new Numeral(new Rational(_random.Next(-5, 6), _random.Next(1, 5))),
                2 => new Variable("x"),
                _ => new Variable("y"),
            };
        switch (_random.Next(9))
        {
            case 0: case 1: return Next(depth - 1) + Next(depth - 1);
            case 2: return Next(depth - 1) - Next(depth - 1);
            case 3: case 4: return Next(depth - 1) * Next(depth - 1);
            case 5: return Next(depth - 1) / Next(depth - 1);
            case 6: return Power.Of(Next(depth - 1), _random.Next(-2, 4));
            case 7: return Expr.IfLess(Next(depth - 1), Next(depth - 1), Next(depth - 1), Next(depth - 1));
            default: return KnownFunctions.Call(Functions[_random.Next(Functions.Length)], [Next(depth - 1)]);
        }
    }
}
