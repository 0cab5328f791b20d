using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Whether it is one element in memory of its own, no view, without history, and no C# number.</summary>
    internal bool IsSingle => MemoryLength == 1 && Offset == 0 && _node is null && _extras is not ViewInfo
        && (_flags & Standing.Lasting) == Flags.None && Shape.NumEl == 1;

    /// <summary>How a tensor that is no view stands, besides its elements and what <see cref="Structure.Epoch"/> counts. (What is no view
    /// never becomes one.)</summary>
    internal readonly struct Standing(Tensor x)
    {
        internal const Flags Lasting = Flags.RequiresGrad | Flags.Inference | Flags.Number;

        private readonly Storage? _storage = x._storage;
        private readonly Node? _node = x._node;
        private readonly Flags _flags = x._flags & Lasting;

        /// <summary>Whether it still stands so.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal bool IsOf(Tensor now) =>
            ReferenceEquals(now._storage, _storage) && ReferenceEquals(now._node, _node) && (now._flags & Lasting) == _flags;
    }
}
