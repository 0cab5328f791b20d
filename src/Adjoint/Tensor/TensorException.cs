namespace Adjoint;

/// <summary>Shapes that do not fit the operation.</summary>
public sealed class ShapeException(string message) : TensorException(message);

/// <summary>A dtype that does not fit the operation.</summary>
public sealed class DTypeException(string message) : TensorException(message);

/// <summary>An index outside of a tensor.</summary>
public sealed class TensorIndexException(string message) : TensorException(message);

/// <summary>A matrix that has not what was asked for: a singular one has no inverse.</summary>
public sealed class LinalgException(string message) : TensorException(message);

/// <summary>A tensor that the backward pass needs was changed in place after it was saved.</summary>
public sealed class VersionException(string message) : AutogradException(message);

/// <summary>An operation has no rule for the mode of differentiation that was asked for.</summary>
public sealed class MissingRuleException(string message) : AutogradException(message);
