namespace Adjoint.Nn;

/// <summary>Parametrizations that are known: PyTorch's <c>torch.nn.utils.parametrizations</c>. See <see cref="Parametrize"/>.</summary>
public static partial class Parametrizations;
