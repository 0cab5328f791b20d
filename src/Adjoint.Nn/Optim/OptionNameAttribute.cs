namespace Adjoint.Optim;

/// <summary>The name of an option where PyTorch's is not that of the record in its spelling: <c>T_max</c>.</summary>
/// <param name="name">PyTorch's name.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionNameAttribute(string name) : Attribute
{
    /// <summary>PyTorch's name.</summary>
    internal string Name => name;
}
