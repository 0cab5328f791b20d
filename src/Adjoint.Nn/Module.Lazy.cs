namespace Adjoint.Nn;

public abstract partial class Module
{
    /// <summary>Whether this module or one below it does not know the size of its input yet: see <see cref="LazyLinear"/>.</summary>
    public bool HasUninitializedParams => Modules().Any(module => module is ILazyModule { IsLazy: true });

    /// <summary>Gives a tensor without elements its shape; it stays the same tensor. See Note [Lazy layers].</summary>
    private protected Tensor Grow(Tensor tensor, Shape shape)
    {
        RefuseInGraph("Weight");
        using Unrecorded _ = Unrecorded.Begin();
        tensor.ReplaceData(Tensor.Empty(shape, tensor.DType));
        tensor.GradOrNull = null;
        StructureChanged();
        return tensor.Detach();
    }

    /// <summary>Lazy layers take their sizes from a state that is about to be loaded.</summary>
    private void MaterializeOf(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach ((string name, Module module) in Walk(distinct: true))
            if (module is ILazyModule { IsLazy: true } lazy) lazy.Materialize(state, name.Length == 0 ? "" : name + ".");
    }
}
