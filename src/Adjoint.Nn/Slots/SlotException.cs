namespace Adjoint.Nn;

/// <summary>
/// A field of a module holds what it may not: a plain tensor where there was a parameter, two things of one name, or modules where
/// they cannot be found. The message names the field.
/// </summary>
public sealed class SlotException(string message) : TensorException(message);
