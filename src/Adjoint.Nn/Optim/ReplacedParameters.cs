using System.Numerics;
using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>Finds parameters that their module no longer holds; see Note [Parameters that were replaced].</summary>
internal sealed class ReplacedParameters(string optimizer)
{
    private readonly List<(WeakReference<Module> Module, List<Tensor> Parameters)> _sources = [];
    private readonly HashSet<Tensor> _held = new(ReferenceEqualityComparer.Instance);
    private int _structure = Module.Structure, _idle;
    private uint _idleSteps;

    /// <summary>Remembers where the parameters of a group come from.</summary>
    internal void Add(IReadOnlyList<Tensor> parameters)
    {
        foreach (Tensor p in parameters)
        {
            _held.Add(p);
            if (ModuleParameters.AskerOf(p) is not { } asker) continue;
            int known = _sources.FindIndex(s => ReferenceEquals(s.Module, asker));
            if (known >= 0) _sources[known].Parameters.Add(p);
            else _sources.Add((asker, [p]));
        }
    }

    /// <summary>Before a step: throws if a parameter was replaced.</summary>
    internal void Check(List<ParamGroup> groups)
    {
        int idle = 0;
        foreach (ParamGroup group in groups)
            foreach (Tensor p in group.Held)
                if (p.GradOrNull is null) idle++;
        bool changed = idle != _idle || Module.Structure != _structure;
        _idle = idle;
        // Parameters that never get a gradient are common: then it is enough to look now and then.
        if (changed || (idle > 0 && BitOperations.IsPow2(++_idleSteps))) Look();
    }

    private void Look()
    {
        foreach ((WeakReference<Module> source, List<Tensor> parameters) in _sources)
        {
            if (!source.TryGetTarget(out Module? module)) continue;
            List<(string Name, Tensor Parameter)> now = [.. module.NamedParameters()];
            var there = new HashSet<Tensor>(now.Select(p => p.Parameter), ReferenceEqualityComparer.Instance);
            if (parameters.Find(p => !there.Contains(p)) is not { } lost) continue;
            if (now.Find(p => p.Parameter.RequiresGrad && !_held.Contains(p.Parameter)) is not { Parameter: not null } found) continue;
            throw new ArgumentException($"{optimizer}: {TypeText.Of(module.GetType())} no longer holds a parameter of shape {lost.Shape} that "
                + $"this optimizer changes; it now has {found.Name} of shape {found.Parameter.Shape}, which would not be trained. "
                + "A parameter or a layer was replaced after the optimizer was made: make the optimizer anew, add the new ones with "
                    + "AddParamGroup, or change values in place instead (CopyInPlace).");
        }
        _structure = Module.Structure;
    }
}
