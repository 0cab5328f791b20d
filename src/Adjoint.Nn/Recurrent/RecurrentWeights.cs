namespace Adjoint.Nn;

/// <summary>The weights of a layer of cells in one direction.</summary>
/// <param name="InputHidden">[gates·hidden, input].</param>
/// <param name="HiddenHidden">[gates·hidden, state].</param>
/// <param name="InputBias">[gates·hidden], or null.</param>
/// <param name="HiddenBias">[gates·hidden], or null.</param>
/// <param name="Projection">[state, hidden] of an LSTM whose state is narrower than its cells, or null.</param>
internal readonly record struct RecurrentWeights(
    Tensor InputHidden, Tensor HiddenHidden, Tensor? InputBias = null, Tensor? HiddenBias = null, Tensor? Projection = null);
