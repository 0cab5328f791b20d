using Adjoint.Kernels;

namespace Adjoint;

/// <summary>When garbage collections are made for the sake of tensors.</summary>
public enum CollectionPolicy
{
    /// <summary>A collection is asked for when tensors have got <see cref="Cpu.Memory.Budget"/> bytes since the last one.</summary>
    WhenNeeded,

    /// <summary>
    /// None is ever asked for, except before an <see cref="OutOfMemoryException"/>: the host decides. Beyond the budget, tensors get
    /// arrays of the collector's instead of pooled memory, so that it sees how much there is.
    /// </summary>
    Never,
}

public static partial class Cpu
{
    /// <summary>The memory of tensors: what is in use, what is kept for the next ones, and when it is collected.</summary>
    /// <remarks>
    /// It counts pooled memory: that of every tensor of more than 1 KiB, except those whose elements were handed out by
    /// <see cref="Tensor.AsSpan{T}"/> and those made beyond the budget under <see cref="CollectionPolicy.Never"/>. Such memory is an array
    /// like any other, and counted by <see cref="GC.GetTotalMemory"/>.
    /// </remarks>
    public static class Memory
    {
        /// <summary>Bytes in use by tensors, among them those that nobody refers to any more and no collection has found yet.</summary>
        public static long InUse => BlockPool.BytesInUse;

        /// <summary>
        /// Bytes kept for the next tensors: never more than the larger of <see cref="InUse"/> and 64 MiB, and 10 MB of small blocks that
        /// threads keep for themselves.
        /// </summary>
        public static long Cached => BlockPool.BytesCached;

        /// <summary>
        /// The largest <see cref="InUse"/> since the program began or <see cref="ResetPeak"/>, with the small blocks that threads kept
        /// then.
        /// </summary>
        public static long Peak => BlockPool.Peak;

        /// <summary>Begins a new <see cref="Peak"/> from what is now in use.</summary>
        public static void ResetPeak() => BlockPool.ResetPeak();

        /// <summary>
        /// Bytes that tensors get, at least, between two collections that are asked for; 12 MiB unless set. A larger budget collects less
        /// often and uses more memory.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">Set to a number below zero.</exception>
        public static long Budget
        {
            get => CollectionBudget.Floor;
            set
            {
                ArgumentOutOfRangeException.ThrowIfNegative(value);
                CollectionBudget.Floor = value;
            }
        }

        /// <summary>Whether collections are asked for.</summary>
        /// <exception cref="ArgumentOutOfRangeException">Set to a number that is no policy.</exception>
        public static CollectionPolicy Collections
        {
            get => CollectionBudget.Never ? CollectionPolicy.Never : CollectionPolicy.WhenNeeded;
            set
            {
                if (!Enum.IsDefined(value))
                    throw new ArgumentOutOfRangeException(
                        nameof(value), value, "Collections: there is no such policy; use WhenNeeded or Never.");
                CollectionBudget.Never = value == CollectionPolicy.Never;
            }
        }

        /// <summary>
        /// Gives what is cached back to the system. Tensors that nobody refers to any more count as in use until a collection has found
        /// them: call <see cref="GC.Collect()"/> before, to give back as much as there is.
        /// </summary>
        public static void Trim()
        {
            BlockPool.Reclaim();
            BlockPool.Trim();
        }
    }
}
