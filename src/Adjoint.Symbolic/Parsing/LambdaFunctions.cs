using System.Linq.Expressions;

namespace Adjoint.Symbolic;

/// <summary>
/// The functions of .NET over doubles that formulas have, each with the same value at every argument; others are refused.
/// </summary>
internal static class LambdaFunctions
{
    /// <summary>By the name in <see cref="Math"/> or <see cref="double"/>: the name in formulas.</summary>
    private static readonly Dictionary<string, string> SameValue =
        (from row in OpTable.ElementWise
         let method = row.Info.DotNet
         where method is not null
         select KeyValuePair.Create(method.Split('.')[1], row.Info.FormulaNames[0])).ToDictionary();

    /// <summary>The modes of Math.Round; the one that is left out rounds halves away from zero.</summary>
    private static readonly Dictionary<MidpointRounding, string> Roundings = new()
    {
        [MidpointRounding.ToEven] = "round",
        [MidpointRounding.ToZero] = "trunc",
        [MidpointRounding.ToNegativeInfinity] = "floor",
        [MidpointRounding.ToPositiveInfinity] = "ceil",
    };

    /// <summary>What a call computes from its arguments that are doubles; null if no formula does.</summary>
    public static Func<IReadOnlyList<Expr>, Expr>? Of(MethodCallExpression call)
    {
        if (!IsOfDoubles(call)) return null;
        if (IsRounding(call, out MidpointRounding mode))
            return Roundings.TryGetValue(mode, out string? rounding) ? x => KnownFunctions.Call(rounding, x) : null;
        if (call.Arguments.Any(a => a.Type != typeof(double))) return null;
        if (call.Method.Name == "Log"
            && call.Arguments is [_, ConstantExpression { Value: double b and > 0 and not 1 and < double.PositiveInfinity }])
            return x => x[0].Log() / x[1].Log();
        return SameValue.TryGetValue(call.Method.Name, out string? name) && KnownFunctions.ArityOf(name) == call.Arguments.Count
            ? x => KnownFunctions.Call(name, x) : null;
    }

    /// <summary>Why a function that looks known is none of those.</summary>
    public static NotSupportedException? Refusal(MethodCallExpression call)
    {
        if (!IsOfDoubles(call)) return null;
        string text = LambdaValue.Text(call);
        if (IsRounding(call, out MidpointRounding mode))
            return new($"{text}: formulas do not round {mode}; they have ToEven, ToZero, ToNegativeInfinity and ToPositiveInfinity.");
        return call switch
        {
            { Method.Name: "Round" } => new($"{text} rounds to decimal places, which no formula does; leave them out."),
            { Method.Name: "Log", Arguments.Count: 2 } => new(
                $"{text} has cases of its own at the bases 0, 1 and ∞; write Math.Log(…) / Math.Log(…) if the quotient is meant."),
            _ => null,
        };
    }

    private static bool IsOfDoubles(MethodCallExpression call) =>
        call.Method.IsStatic && (call.Method.DeclaringType == typeof(Math) || call.Method.DeclaringType == typeof(double));

    private static bool IsRounding(MethodCallExpression call, out MidpointRounding mode)
    {
        mode = default;
        if (call.Method.Name != "Round" || call.Arguments is not [{ } x, { } how] || x.Type != typeof(double)
            || how.Type != typeof(MidpointRounding)) return false;
        return LambdaValue.Of(how) is MidpointRounding found && (mode = found) == found;
    }
}
