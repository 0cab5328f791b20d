namespace Adjoint.Tests.Ops;

/// <summary>Which exceptions are answers, and which are accidents.</summary>
internal static class Refusals
{
    /// <summary>Whether an error says what was asked and what was found, and was thrown by who knows it.</summary>
    internal static bool IsMeant(Exception error)
    {
        bool kind = error is ShapeException or DTypeException or TensorIndexException or AutogradException or VersionException
            or LinalgException
            || error is ArgumentException and not ArgumentNullException;
        if (!kind) return false;
        // A kernel's own check is the last resort: whoever called it should have known. Of the framework's own checks only those count that
        // name what they check. (What is thrown in code made at run time, into which the thrower was inlined, has no declaring type.)
        if (error.TargetSite?.DeclaringType is not { } thrower) return true;
        if (thrower.Namespace == "Adjoint.Kernels") return thrower.Name.StartsWith("RandomStream", StringComparison.Ordinal);
        return thrower.Assembly != typeof(object).Assembly || thrower == typeof(ArgumentOutOfRangeException)
            || thrower == typeof(ArgumentException);
    }
}
