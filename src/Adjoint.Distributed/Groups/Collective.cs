namespace Adjoint.Distributed;

/// <summary>What all processes of a group do together. The numbers travel.</summary>
internal enum CollectiveKind
{
    AllReduce = 1,
    Broadcast = 2,
    Reduce = 3,
    AllGather = 4,
    ReduceScatter = 5,
    Barrier = 6,
    NewGroup = 7,
    Agree = 8,
}

/// <summary>One call of a collective, as far as all processes must agree on it.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Element">The type of the values.</param>
/// <param name="Count">How many values each process gives (of a broadcast: gets).</param>
/// <param name="Op">How they are reduced.</param>
/// <param name="Root">The process that gives, or that gets the result; −1 where there is none.</param>
/// <param name="Shape">The shape of the tensor, or null for a span: it must be the same everywhere, too.</param>
internal readonly record struct Collective(
    CollectiveKind Kind, ElementKind Element = ElementKind.UInt8, int Count = 0, ReduceOp Op = ReduceOp.Sum, int Root = -1,
    string? Shape = null)
{
    internal bool Reduces => Kind is CollectiveKind.AllReduce or CollectiveKind.Reduce or CollectiveKind.ReduceScatter;

    /// <summary>What it is called where ranks disagree: <c>AllReduce of 10 Float32 (Sum)</c>.</summary>
    public override string ToString()
    {
        if (Kind == CollectiveKind.Barrier) return "Barrier";
        if (Kind == CollectiveKind.Agree) return Shape!;
        if (Kind == CollectiveKind.NewGroup) return $"NewGroup of ranks {Shape}";
        string what = Shape is null ? $"{Count} {Element}" : $"a {Element} tensor of shape {Shape}";
        string op = Reduces ? $" ({Op})" : "", way = Kind == CollectiveKind.Reduce ? "to" : "from";
        return Root < 0 ? $"{Kind} of {what}{op}" : $"{Kind} of {what}{op} {way} rank {Root}";
    }

    /// <summary>A number that is another one where anything differs, the same in every process.</summary>
    internal long Fingerprint()
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        ulong hash = 14695981039346656037;
        foreach (long part in (ReadOnlySpan<long>)[(long)Kind, (long)Element, Count, Reduces ? (long)Op : 0, Root]) Add(part);
        if (Shape is not null)
            foreach (char letter in Shape) Add(letter);
        return (long)(hash & long.MaxValue);

        void Add(long part)
        {
            for (int i = 0; i < 8; i++) hash = (hash ^ (byte)(part >> (8 * i))) * 1099511628211;
        }
    }
}
