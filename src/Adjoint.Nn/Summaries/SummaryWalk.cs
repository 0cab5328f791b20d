namespace Adjoint.Nn;

/// <summary>Calls a module and notes which modules are called in it.</summary>
internal sealed class SummaryWalk
{
    private readonly Dictionary<Module, Place> _places = new(ReferenceEqualityComparer.Instance);
    private readonly List<LayerSummary> _rows = [];
    private readonly HashSet<Module> _called = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<LayerSummary> _open = new();

    private sealed record Place(string Name, int Depth, Module? Above, LayerParameters Parameters);

    /// <summary>The rows of a call, in its order.</summary>
    internal static List<LayerSummary> Of(Module module, Action call)
    {
        var walk = new SummaryWalk();
        walk.Find(module, "", 0, null);
        (Module Module, bool Training)[] modes = [.. module.Modules().Select(m => (m, m.Training))];
        List<HookHandle> handles = [];
        try
        {
            foreach (Module m in walk._places.Keys)
            {
                handles.Add(m.RegisterForwardPreHook((called, _) => walk.Enter(called)));
                handles.Add(m.RegisterForwardHook((called, _, output) => walk.Leave(called, output)));
            }
            module.SetTraining(false);
            using GradScope _ = Autograd.NoGrad();
            using GeneratorFork rng = Rng.Fork();
            call();
        }
        finally
        {
            foreach (HookHandle handle in handles) handle.Remove();
            foreach (Module m in walk._places.Keys) m.DropEmptyHooks();
            foreach ((Module m, bool training) in modes) m.SetTraining(training);
        }
        walk.AddContainers();
        walk.Number();
        walk.CountLeft();
        return walk._rows;
    }

    private void Find(Module module, string name, int depth, Module? above)
    {
        UserCode.CheckStack();
        if (!_places.TryAdd(module, new(name, depth, above, new(module)))) return;
        foreach ((string child, Module below) in module.NamedChildren())
            Find(below, name.Length == 0 ? child : $"{name}.{child}", depth + 1, module);
    }

    private LayerSummary Row(Module module, bool isRepeated)
    {
        Place place = _places[module];
        return new(module, place.Name, place.Depth, place.Parameters, isRepeated);
    }

    private Tensor[]? Enter(Module module)
    {
        LayerSummary row = Row(module, !_called.Add(module));
        _rows.Add(row);
        _open.Push(row);
        return null;
    }

    private Tensor? Leave(Module module, Tensor output)
    {
        // A module of several outputs comes once for each; the first is its own.
        if (_open.Count == 0 || !ReferenceEquals(_open.Peek().Module, module)) return null;
        LayerSummary row = _open.Pop();
        (row.Output, row.OutputBytes) = (output.Shape, (long)output.NumEl * output.DType.Size);
        row.MultAdds = row.CountMultAdds(output.Shape);
        return null;
    }

    // A container that is not called itself stands before the first of its modules that is.
    private void AddContainers()
    {
        for (int i = 0; i < _rows.Count; i++)
        {
            var above = new Stack<Module>();
            for (Module? m = _places[_rows[i].Module].Above; m is not null && _called.Add(m); m = _places[m].Above) above.Push(m);
            foreach (Module m in above) _rows.Insert(i++, Row(m, false));
        }
    }

    private void Number()
    {
        var counts = new Dictionary<int, int>();
        foreach (LayerSummary row in _rows)
            if (row.Depth > 0) row.Index = counts[row.Depth] = counts.GetValueOrDefault(row.Depth) + 1;
    }

    // From the last row on, so that those below are known.
    private void CountLeft()
    {
        for (int i = _rows.Count - 1; i >= 0; i--)
        {
            LayerSummary row = _rows[i];
            (row.Left, row.LeftTrainable) = (row.Parameters, row.TrainableParameters);
            if (row.IsLeaf) continue;
            for (int j = i + 1; j < _rows.Count && _rows[j].Depth > row.Depth; j++)
            {
                LayerSummary below = _rows[j];
                if (below.IsRepeated) continue;
                row.Left -= below.IsLeaf ? below.Parameters : below.Left;
                row.LeftTrainable -= below.IsLeaf ? below.TrainableParameters : below.LeftTrainable;
            }
        }
    }
}
