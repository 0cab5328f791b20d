using System.Runtime.InteropServices;

namespace Adjoint.Distributed;

/// <summary>Whether tensors by name are the same on all ranks: in shape, or to the bit.</summary>
internal static class SameTensors
{
    /// <summary>Throws on all ranks where names, shapes or dtypes differ, naming the first that does.</summary>
    internal static void AgreeOnShapes(ProcessGroup group, string operation, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        string[] own = [.. tensors.Select(t => $"{t.Name} {t.Tensor.Shape} {t.Tensor.DType}{(t.Tensor.RequiresGrad ? "" : " without grad")}")];
        group.Agree($"{operation} over {own.Length} parameters and buffers");
        if (First(group, [.. own.Select(text => Hash(MemoryMarshal.AsBytes(text.AsSpan())))]) is { } first)
            group.Agree($"{operation}: {own[first.Index]}");
    }

    /// <summary>Throws on all ranks where values differ, naming the first tensor that does.</summary>
    internal static void Check(ProcessGroup group, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        (string Name, Tensor Tensor)[] own = [.. tensors];
        group.Agree($"CheckSame of {own.Length} parameters and buffers");
        long[] hashes = [.. own.Select(t => Hash(t.Tensor))];
        if (First(group, hashes) is not { } first) return;
        var values = first.OfRanks.Select((hash, rank) => (hash, rank)).GroupBy(pair => pair.hash)
            .Select(same => (same.Count() == 1 ? "rank " : "ranks ") + string.Join(", ", same.Select(pair => pair.rank)));
        throw group.Fail(
            $"CheckSame: {own[first.Index].Name} of shape {own[first.Index].Tensor.Shape} is not the same on all ranks: {string.Join(" against ", values)}.");
    }

    private static (int Index, long[] OfRanks)? First(ProcessGroup group, long[] own)
    {
        long[] all = new long[own.Length * group.Size];
        group.AllGather<long>(own, all);
        for (int i = 0; i < own.Length; i++)
        {
            long[] ofRanks = [.. Enumerable.Range(0, group.Size).Select(rank => all[rank * own.Length + i])];
            if (ofRanks.Distinct().Count() > 1) return (i, ofRanks);
        }
        return null;
    }

    private static long Hash(Tensor tensor)
    {
        Tensor lain = Elements.ToContiguous(tensor.Detach());
        using var memory = new Loan();
        return Hash(memory.Bytes(lain));
    }

    // FNV-1a over words of eight bytes, each mixed: quick, and the same in every process.
    private static long Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037 ^ (ulong)bytes.Length;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) hash = ulong.RotateLeft((hash ^ word) * 1099511628211, 29);
        foreach (byte last in bytes[(words.Length * 8)..]) hash = (hash ^ last) * 1099511628211;
        return (long)hash;
    }
}
