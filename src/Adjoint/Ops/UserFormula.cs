namespace Adjoint;

/// <summary>
/// Whether an operation's formula was written outside the library: it may then do anything while a kernel runs it, also dispose of
/// the tensors that the kernel reads. See Note [Seen by one thread].
/// </summary>
internal static class UserFormula<TOp>
{
    /// <summary>Constant for the JIT: the library's own formulas pay nothing.</summary>
    internal static readonly bool Is = IsUsers(typeof(TOp));

    /// <summary>Notes of each tensor that the formula may use it at any time.</summary>
    internal static void Share(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (Tensor? x in tensors) x?.ShareMemory();
    }

    private static bool IsUsers(Type type) => UserFormula.IsUsers(type);
}

/// <summary>Whose code a type is.</summary>
internal static class UserFormula
{
    /// <summary>Whether the type, or one that it is made of, is not of this library.</summary>
    internal static bool IsUsers(Type type) =>
        type.Assembly.GetName().Name is not ("Adjoint" or "Adjoint.Nn" or "Adjoint.Algebra")
        || Array.Exists(type.GetGenericArguments(), IsUsers);
}
