using System.Globalization;
using System.Reflection;

namespace Adjoint.Tests.Surface;

/// <summary>Whether an exception tells a caller what was wrong with the call.</summary>
internal static class Verdict
{
    private static readonly HashSet<Type> Bare =
    [
        typeof(NullReferenceException), typeof(IndexOutOfRangeException), typeof(OverflowException), typeof(InvalidCastException),
        typeof(ArrayTypeMismatchException), typeof(RankException), typeof(AccessViolationException),
        typeof(ArithmeticException), typeof(DivideByZeroException), typeof(NotImplementedException), typeof(MissingMethodException),
        typeof(TypeInitializationException),
    ];

    /// <summary>What is wrong with an exception, or null.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="member">What was called.</param>
    /// <param name="missing">The parameter that was given a null where none is allowed.</param>
    /// <param name="odd">The only odd value of the call, if there is one.</param>
    internal static string? Of(Exception e, MethodBase member, ParameterInfo? missing, object? odd)
    {
        // A function of the caller's may throw what it likes.
        if (e is Samples.CallersException || IsCallers(e)) return null;
        string told = $"{e.GetType().Name} \"{e.Message.Split('\n')[0]}\" at {Place(e)}";
        if (Bare.Contains(e.GetType())) return told;
        if (e is OutOfMemoryException) return e.Message.StartsWith("There is no memory for", StringComparison.Ordinal) ? null : told;
        if (missing is not null && !(e is ArgumentException argument && argument.ParamName == missing.Name))
            return $"does not name {missing.Name}: {told}";
        return e switch
        {
            ArgumentException { ParamName: { } name } when !Names(member, name) => $"names {name}, which it does not have: {told}",
            ArgumentOutOfRangeException outside when !SaysValue(outside, odd) => $"does not say what was given: {told}",
            ArgumentException or InvalidOperationException or KeyNotFoundException or NotSupportedException
            when IsFrameworks(e) => $"is the framework's: {told}",
            _ when IsShort(e) => $"says little: {told}",
            _ => null,
        };
    }

    private static bool Names(MethodBase member, string name)
    {
        string root = name.Split('.', '[')[0];
        return member.GetParameters().Any(p => p.Name == root || p.Name!.Equals(name.Replace("_", ""), StringComparison.OrdinalIgnoreCase));
    }

    private static bool SaysValue(ArgumentOutOfRangeException e, object? odd) =>
        e.ActualValue is not null || odd is not (int or long or double or float)
        || e.Message.Contains(string.Format(CultureInfo.InvariantCulture, "{0}", odd), StringComparison.Ordinal) ||
        e.Message.Any(char.IsAsciiDigit);

    // The framework speaks of its own parameters and states, except where it is asked to check ours.
    private static bool IsFrameworks(Exception e)
    {
        if (e.TargetSite is not { } site || e is ObjectDisposedException) return false;
        if (site.Module.Assembly != typeof(object).Assembly && site.Module.Assembly != typeof(Enumerable).Assembly
            && site.Module.Assembly != typeof(Stack<>).Assembly) return false;
        return !(typeof(ArgumentException).IsAssignableFrom(site.DeclaringType) && site.Name.StartsWith("Throw", StringComparison.Ordinal));
    }

    private static bool IsShort(Exception e) =>
        e is not ArgumentNullException && (e.Message.Length < 20 || e.Message.StartsWith("Exception of type", StringComparison.Ordinal));

    private static bool IsCallers(Exception e) =>
        e.TargetSite is { } site && site.Module.Assembly == typeof(Verdict).Assembly && site.DeclaringType != typeof(Invocation);

    private static string Place(Exception e)
    {
        string[] lines = (e.StackTrace ?? "").Split('\n');
        string line =
            lines.FirstOrDefault(l => l.Contains("Adjoint.", StringComparison.Ordinal) && !l.Contains("Tests", StringComparison.Ordinal))
            ?? lines[0];
        return line.Trim().Split(" in ")[0];
    }
}
