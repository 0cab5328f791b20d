using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>Random formulas of x and y, the same for the same seed.</summary>
/// <param name="seed">The seed.</param>
/// <param name="every">Whether every function a formula may call, and any power, or the usual ones.</param>
internal sealed class RandomFormulas(int seed, bool every = false)
{
    private static readonly string[] Functions =
        ["sin", "cos", "exp", "ln", "sqrt", "tanh", "atan", "abs", "tan", "sinh", "cosh", "sigmoid"];

    private readonly System.Random _random = new(seed);

    /// <summary>
    /// How many formulas a test takes: some hundreds, or as many as ADJOINT_FORMULAS says, with other seeds then; <c>30000@5</c> says
    /// which.
    /// </summary>
    internal static (int Seed, int Count) Amount(int seed, int usual)
    {
        if (Environment.GetEnvironmentVariable("ADJOINT_FORMULAS") is not { Length: > 0 } asked) return (seed, usual);
        int[] numbers = [.. asked.Split('@').Select(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];
        return (seed + (numbers.Length > 1 ? numbers[1] : 1000), numbers[0]);
    }

    /// <summary>Whether ADJOINT_FORMULAS asks for another number than usual.</summary>
    internal static bool IsAsked => Environment.GetEnvironmentVariable("ADJOINT_FORMULAS") is { Length: > 0 };

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
            default: return every ? Any(depth) : KnownFunctions.Call(Functions[_random.Next(Functions.Length)], [Next(depth - 1)]);
        }
    }

    private Expr Any(int depth)
    {
        switch (_random.Next(6))
        {
            case 0: return Power.Of(Next(depth - 1), new Numeral(new Rational(_random.Next(-4, 5), _random.Next(1, 4))));
            case 1: return Power.Of(Next(depth - 1), Next(depth - 1));
            default:
                string name = KnownFunctions.Names[_random.Next(KnownFunctions.Names.Count)];
                Expr first = Next(depth - 1);
                return KnownFunctions.ArityOf(name) == 1 ? KnownFunctions.Call(name, [first]) : Call(name, first, Next(depth - 1));
        }
    }

    /// <summary>A function of two arguments; those that have a slope in one of them alone, with a number as the other.</summary>
    internal static Expr Call(string name, Expr x, Expr y) => name switch
    {
        "zeta" or "igamma" or "igammac" => KnownFunctions.Call(name, [new Numeral(new Rational(5, 2)), y]),
        "polygamma" => KnownFunctions.Call(name, [2, y]),
        "mvlgamma" => KnownFunctions.Call(name, [x, 3]),
        _ => KnownFunctions.Call(name, [x, y]),
    };
}
