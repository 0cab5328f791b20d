namespace Adjoint;

/// <summary>The base of the errors that tensors and the engine raise.</summary>
public class TensorException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

/// <summary>Shapes that do not fit the operation.</summary>
public sealed class ShapeException(string message) : TensorException(message);

/// <summary>A dtype that does not fit the operation.</summary>
public sealed class DTypeException(string message) : TensorException(message);

/// <summary>An index outside of a tensor.</summary>
public sealed class TensorIndexException(string message) : TensorException(message);

/// <summary>A rule of automatic differentiation was broken: what cannot be recorded, differentiated or asked for.</summary>
public class AutogradException(string message, Exception? inner = null) : TensorException(message, inner);

/// <summary>A tensor that the backward pass needs was changed in place after it was saved.</summary>
public sealed class VersionException(string message) : AutogradException(message);

/// <summary>An operation has no rule for the mode of differentiation that was asked for.</summary>
public sealed class MissingRuleException(string message) : AutogradException(message);
