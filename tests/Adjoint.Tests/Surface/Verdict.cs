using System.Reflection;

namespace Adjoint.Tests.Surface;

/// <summary>Whether an exception tells a caller what was wrong with the call.</summary>
internal static class Verdict
{
    private static readonly HashSet<Type> Bare =
    [
        typeof(NullReferenceException), typeof(IndexOutOfRangeException), typeof(OverflowException), typeof(InvalidCastException),
        typeof(OutOfMemoryException), typeof(ArrayTypeMismatchException), typeof(RankException), typeof(AccessViolationException),
        typeof(ArithmeticException), typeof(NotImplementedException), typeof(MissingMethodException),
    ];

    /// <summary>What is wrong with an exception, or null.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="member">What was called.</param>
    /// <param name="nullParameter">The parameter that was given a null where none is allowed.</param>
    internal static string? Of(Exception e, MethodBase member, ParameterInfo? nullParameter)
    {
        string told = $"{e.GetType().Name} \"{e.Message.Split('\n')[0]}\" at {Place(e)}";
        if (Bare.Contains(e.GetType())) return told;
        if (nullParameter is not null && !(e is ArgumentException argument && argument.ParamName == nullParameter.Name))
            return $"does not name {nullParameter.Name}: {told}";
        // What the framework throws by itself speaks of its own parameters and states.
        bool isOurs = e.TargetSite is { } site && site.Module.Assembly != typeof(object).Assembly && site.Module.Assembly != typeof(Enumerable).Assembly;
        return e switch
        {
            ArgumentException { ParamName: { } name } when !member.GetParameters().Any(p => name.Split('.', '[')[0] == p.Name) && !IsOption(member, name) =>
                $"names {name}, which it does not have: {told}",
            ArgumentException { ParamName: null } when !isOurs => told,
            InvalidOperationException or KeyNotFoundException or DivideByZeroException when !isOurs && e.GetType().Assembly == typeof(object).Assembly => told,
            _ => null,
        };
    }

    // Options of optimizers are named as in PyTorch.
    private static bool IsOption(MethodBase member, string name) =>
        member.GetParameters().Any(p => p.Name!.Equals(name.Replace("_", ""), StringComparison.OrdinalIgnoreCase)) || name == "value" && member.Name.StartsWith("set_", StringComparison.Ordinal);

    private static string Place(Exception e)
    {
        string[] lines = (e.StackTrace ?? "").Split('\n');
        string line = lines.FirstOrDefault(l => l.Contains("Adjoint.", StringComparison.Ordinal) && !l.Contains("Tests", StringComparison.Ordinal)) ?? lines[0];
        return line.Trim().Split(" in ")[0];
    }
}
