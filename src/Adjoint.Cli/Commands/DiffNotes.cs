using System.Globalization;
using Adjoint.Symbolic;

namespace Adjoint.Cli.Commands;

/// <summary>What a reader of the values should know of the point: that f has no finite value there, a kink or a jump.</summary>
internal static class DiffNotes
{
    public static IReadOnlyList<string> Of(Expr f, IReadOnlyList<(string Name, double Value)> point, IEnumerable<string> variables)
    {
        string[] names = [.. point.Select(p => p.Name)];
        double[] at = [.. point.Select(p => p.Value)];
        var code = f.Compile(names);
        double value = code.Invoke(at);
        if (!double.IsFinite(value))
            return [$"f has no value at this point ({Point.Number(value)}); the derivatives are what their formulas give there."];
        return [.. variables.Distinct().Select(OfKink).OfType<string>()];

        string? OfKink(string variable)
        {
            int j = Array.IndexOf(names, variable);
            if (Numeric.KinkAt(x => code.Invoke([.. at[..j], x, .. at[(j + 1)..]]), at[j]) is not { } kink) return null;
            string what = kink.IsJump
                ? $"f jumps along {variable}: it tends to {Text(kink.Left)} from the left and to {Text(kink.Right)} from the right, "
                    + $"and is {Text(value)} at the point"
                : $"numeric slopes of f along {variable} differ: {Text(kink.Left)} from the left, {Text(kink.Right)} from the right "
                    + "(a kink)";
            return what + ". There is no derivative there; what the other methods give is a convention.";
        }
    }

    /// <summary>Six digits: the slopes are extrapolated ones.</summary>
    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture).Replace('-', '−');
}
