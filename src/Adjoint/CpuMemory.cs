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
        /// Bytes that tensors get, at least, between two collections that are asked for; 12 MiB unless set, of which half is used where
        /// collections are quick. A larger budget collects less often and uses more memory.
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
        /// A scope that at its end gives back the memory of the tensors that were made inside: see <see cref="MemoryScope"/>.
        /// </summary>
        /// <example><code>
        /// Tensor x = Tensor.Rand(1000, 100), best;
        /// using (MemoryScope scope = Cpu.Memory.Scope())
        /// {
        ///     Tensor y = x.Exp() / x.Exp().Sum(1, keepDim: true);
        ///     best = scope.Keep(y.Log());
        /// }
        /// Console.WriteLine(best.Sum().Item());
        /// </code></example>
        public static MemoryScope Scope() => new();

        /// <summary>Runs <paramref name="work"/> in a <see cref="MemoryScope"/> and keeps the tensors that it returns.</summary>
        /// <remarks>
        /// It returns a tensor, an array, list or dictionary of tensors, a tuple of such, or what is no tensor: numbers and text.
        /// The tensors of an object of another type cannot be seen: that is refused before anything runs; keep them by
        /// <see cref="MemoryScope.Keep(Tensor)"/> in a scope of your own.
        /// </remarks>
        /// <exception cref="NotSupportedException">What is returned may hold tensors that cannot be seen, or is computed only
        /// later, as a task or a lazy sequence is.</exception>
        /// <example><code>
        /// Tensor x = Tensor.Rand(1000, 100);
        /// Tensor softmax = Cpu.Memory.Scope(() =&gt; x.Exp() / x.Exp().Sum(1, keepDim: true));
        /// </code></example>
        public static T Scope<T>(Func<T> work)
        {
            work.Given();
            ScopeResults.Check(typeof(T));
            using MemoryScope scope = Scope();
            T result = work();
            ScopeResults.Keep(scope, result);
            return result;
        }

        /// <inheritdoc cref="Scope{T}(Func{T})"/>
        public static void Scope(Action work)
        {
            work.Given();
            using MemoryScope scope = Scope();
            work();
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
