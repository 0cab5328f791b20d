using System.Collections;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>The parameters of a module, read anew by each enumeration, which remembers for each of which module it was asked.</summary>
// Note [Parameters that were replaced]
// An optimizer holds tensors. When a parameter or a whole layer is replaced after the optimizer was made, it goes on with tensors that the
// network no longer uses: in PyTorch silently. Here the optimizer remembers (weakly) the module that was last asked for each of its
// parameters, and compares the two when something was replaced since it last looked, and when a parameter has no gradient, as one has that
// is no longer used. It is an error when a parameter is no longer in its module and the module has one instead that the optimizer does
// not hold. A parameter that was only taken out is none.
internal sealed class ModuleParameters(Module module) : IEnumerable<Tensor>
{
    private static readonly ConditionalWeakTable<Tensor, WeakReference<Module>> Askers = new();

    /// <summary>The module that was last asked for its parameters when this one was among them.</summary>
    internal static WeakReference<Module>? AskerOf(Tensor parameter) =>
        Askers.TryGetValue(parameter, out WeakReference<Module>? asker) ? asker : null;

    public IEnumerator<Tensor> GetEnumerator()
    {
        foreach ((_, Tensor parameter) in module.NamedParameters())
        {
            if (!ReferenceEquals(AskerOf(parameter), module.WeakSelf)) Askers.AddOrUpdate(parameter, module.WeakSelf);
            yield return parameter;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
