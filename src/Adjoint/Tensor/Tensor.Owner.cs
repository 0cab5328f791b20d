namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>What the memory belongs to: the same object for all views of it, which stay what they are as long as it is held.</summary>
    internal object MemoryOwner => _storage ?? (object)this;

    /// <summary>What the memory belongs to, for good: a number that carries itself gets memory that views can share.</summary>
    internal object SharedMemory() => SharedStorage();

    /// <summary>All of the memory as one row, without history.</summary>
    internal Tensor WholeMemory() => Alias([MemoryLength], null, 0);

    /// <summary>Where the history of this view was up to date at a version, it is now, with another number of the same content.</summary>
    internal void FollowVersion(int before)
    {
        if (_extras is not ViewInfo view) return;
        if (view.Version == before) view.Version = ChangeCount;
        if (view.TangentVersion == before) view.TangentVersion = ChangeCount;
    }

    /// <summary>The history of this very tensor.</summary>
    internal TensorHistory HistoryNow
    {
        get => new(_node, OutputNr, (_flags & Flags.RequiresGrad) != 0, (_flags & Flags.RetainsGrad) != 0);
        set
        {
            _node = value.Node;
            SetOutputNr(value.OutputNr);
            _flags &= ~(Flags.RequiresGrad | Flags.RetainsGrad);
            if (value.RequiresGrad) _flags |= Flags.RequiresGrad;
            if (value.RetainsGrad) _flags |= Flags.RetainsGrad;
            if (_extras is ViewInfo view) view.Version = ChangeCount;
        }
    }
}

/// <summary>The history of a tensor as it was, to be brought back.</summary>
internal readonly record struct TensorHistory(Node? Node, int OutputNr, bool RequiresGrad, bool RetainsGrad);
