namespace Adjoint;

/// <summary>The base of the errors that tensors and the engine raise.</summary>
public class TensorException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

/// <summary>A rule of automatic differentiation was broken: what cannot be recorded, differentiated or asked for.</summary>
public class AutogradException(string message, Exception? inner = null) : TensorException(message, inner);
