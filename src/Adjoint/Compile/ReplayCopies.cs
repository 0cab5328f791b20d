using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// What a caller's run brings back where it throws: copies in memory that lies ready. See Note [A run is whole or not at all].
/// </summary>
internal sealed class ReplayCopies(ReplayUndo undo)
{
    private readonly Tensor?[] _memories = new Tensor?[undo.Changed.Count], _contents = new Tensor?[undo.Changed.Count];
    private readonly RandomStream[] _generators = [.. undo.Generators.Select(_ => new RandomStream(0))];
    private Action? _states;

    /// <summary>Copies what a run may change before something in it throws.</summary>
    /// <param name="operand">A tensor of each memory that is changed.</param>
    internal void Take(Func<GraphMemory, Tensor> operand)
    {
        for (int i = 0; i < _memories.Length; i++)
        {
            Tensor now = operand(undo.Changed[i]);
            if (_memories[i] is not { } memory || !memory.SharesStorageWith(now))
                _memories[i] = memory = now.IsContiguous && now.NumEl == now.MemoryLength ? now : now.WholeMemory();
            if (_contents[i] is not { } content || !content.Shape.Equals(memory.Shape)) _contents[i] = content = Lasting(memory);
            Elements.CopyTo(memory, content);
        }
        for (int i = 0; i < _generators.Length; i++) undo.Generators[i].CopyTo(_generators[i]);
        if (undo.Stateful.Count > 0) _states = States();
    }

    /// <summary>Everything is as it was.</summary>
    internal void BringBack()
    {
        for (int i = 0; i < _memories.Length; i++)
        {
            Elements.CopyTo(_contents[i]!, _memories[i]!);
            _memories[i]!.BumpVersion();
        }
        _states?.Invoke();
        for (int i = 0; i < _generators.Length; i++) undo.Generators[i].Restore(_generators[i]);
    }

    /// <summary>What belongs to a call, such as an argument that is changed, is let go of.</summary>
    internal void LetGo()
    {
        _states = null;
        for (int i = 0; i < _memories.Length; i++)
            if (undo.Changed[i].Role is GraphRole.Input or GraphRole.Gradient) _memories[i] = null;
    }

    private static Tensor Lasting(Tensor like)
    {
        Tensor content = Tensor.Uninitialized(like.Shape, like.DType);
        content.ShareMemory();
        content.KeepBeyondScopes();
        return content;
    }

    private Action States()
    {
        Action[] all = [.. undo.Stateful.SelectMany(state => state.Cells)
            .Select(cell => (cell.Tensor, Content: Elements.Copy(cell.Tensor)))
            .Select(cell => (Action)(() => Elements.CopyTo(cell.Content, cell.Tensor))),
            .. undo.Stateful.Select(state => state.Remember())];
        return () => Array.ForEach(all, state => state());
    }
}
