namespace Adjoint;

/// <summary>The base of the errors that tensors and the engine raise.</summary>
/// <remarks>
/// // Note [Errors speak of what was called]
/// What is made of other operations lets them check, and what they find is told in its own name: "AddCMul: the shapes …", where the product
/// in it found that they do not broadcast. It says so in a filter, <c>catch (TensorException e) when (e.IsOf("AddCMul")) { throw; }</c>,
/// which is never true. Filters run from the inside out before anything is unwound, so the outermost name is told, and the stack trace is
/// that of the first throw.
/// </remarks>
public class TensorException(string message, Exception? inner = null) : InvalidOperationException(message, inner)
{
    private string? _of;

    /// <inheritdoc/>
    public override string Message => _of is null ? base.Message : $"{_of}: {Said(base.Message)}";

    /// <summary>Lets the error speak of an operation; never true. See Note [Errors speak of what was called].</summary>
    internal bool IsOf(string operation)
    {
        _of = operation;
        return false;
    }

    // What is said, without the name of the operation that said it.
    private static string Said(string message)
    {
        int end = 0;
        while (end < message.Length && (char.IsLetterOrDigit(message[end]) || message[end] is '_' or '.')) end++;
        if (message.AsSpan(end).StartsWith(": ")) return message[(end + 2)..];
        return message.Length > 1 && char.IsUpper(message[0]) && char.IsLower(message[1])
            ? char.ToLowerInvariant(message[0]) + message[1..] : message;
    }
}

/// <summary>A rule of automatic differentiation was broken: what cannot be recorded, differentiated or asked for.</summary>
public class AutogradException(string message, Exception? inner = null) : TensorException(message, inner);
