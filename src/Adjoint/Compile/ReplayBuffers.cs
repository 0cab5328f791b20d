namespace Adjoint;

/// <summary>Lays values that are not alive at the same time into the same memory.</summary>
internal sealed class ReplayBuffers(ReplayPlan plan)
{
    private readonly List<(DType DType, int Length)> _sizes = [];
    private readonly List<int> _free = [];

    internal (DType DType, int Length)[] Sizes => [.. _sizes];

    /// <summary>The buffer of each memory, by its index; −1 for none.</summary>
    internal int[] Of { get; private set; } = [];

    /// <summary>For each part the memories of operations' own that it is the last to read, and nobody wants afterwards.</summary>
    internal int[][] LastRead { get; private set; } = [];

    internal void Lay(List<ReplayPart> parts)
    {
        Of = new int[plan.Places.Length];
        Array.Fill(Of, -1);
        var last = new int[plan.Places.Length];
        for (int i = 0; i < parts.Count; i++)
        {
            foreach (GraphMemory memory in parts[i].Read) last[memory.Index] = i;
            foreach (GraphMemory memory in parts[i].Made) last[memory.Index] = i;
        }
        var ended = new List<int>?[parts.Count];
        foreach (GraphMemory memory in parts.SelectMany(part => part.Made))
            if (plan.Places[memory.Index] == ReplayPlace.Given && !plan.IsSeen(memory))
                (ended[last[memory.Index]] ??= []).Add(memory.Index);
        LastRead = Array.ConvertAll(ended, memories => memories is null ? [] : memories.ToArray());
        for (int i = 0; i < parts.Count; i++)
        {
            ReplayPart part = parts[i];
            foreach (GraphMemory made in part.Made)
            {
                if (plan.Places[made.Index] != ReplayPlace.Shared) continue;
                GraphMemory? old = part.Read.FirstOrDefault(memory =>
                    last[memory.Index] == i && Of[memory.Index] >= 0 && memory.DType == made.DType && part.MayOverwrite(memory, made));
                if (old is not null) (Of[made.Index], Of[old.Index]) = (Of[old.Index], -2 - Of[old.Index]);
                else Of[made.Index] = Find(made);
            }
            foreach (GraphMemory memory in part.Read.Concat(part.Made).Distinct())
                if (Of[memory.Index] >= 0 && last[memory.Index] == i) _free.Add(Of[memory.Index]);
        }
        // Those whose memory another value took over.
        for (int i = 0; i < Of.Length; i++)
            if (Of[i] < -1) Of[i] = -2 - Of[i];
    }

    private int Find(GraphMemory made)
    {
        int best = -1;
        foreach (int buffer in _free)
            if (_sizes[buffer].DType == made.DType && _sizes[buffer].Length >= made.Length
                && (best < 0 || _sizes[buffer].Length < _sizes[best].Length))
                best = buffer;
        if (best >= 0)
        {
            _free.Remove(best);
            return best;
        }
        _sizes.Add((made.DType, made.Length));
        return _sizes.Count - 1;
    }
}
