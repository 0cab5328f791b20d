using Adjoint;
using Adjoint.Nn;

namespace MyProject;

/// <summary>A network with one hidden layer. What it holds in fields is found: parameters, layers, arrays and lists of them.</summary>
internal sealed class Network(int hidden) : Module
{
    private readonly Linear _first = new(1, hidden), _second = new(hidden, 1);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => _second.Call(_first.Call(input).Tanh());
}
