using System.Diagnostics.CodeAnalysis;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>A group of element-wise operations, tile by tile.</summary>
internal sealed class TileStep(
    TileProgram program, TileMemory[] memories, Tensor[] numbers, int[] changed, string kind, int inner) : ReplayStep
{
    internal override string Kind => kind;

    /// <summary>How many values last as long as a tile and never reach memory.</summary>
    internal int Inner => inner;

    /// <summary>How many elements a tile has.</summary>
    internal int Size => program.Size;

    internal override void Run(ReplayArena arena)
    {
        var lent = new Lent(this, arena);
        try
        {
            program.Run(ref lent);
        }
        finally
        {
            lent.Dispose();
        }
        foreach (int operand in changed) arena.Operand(operand).BumpVersion();
    }

    private TileMemory[] Memories => memories;

    private Tensor Number(int number) => numbers[number];

    private ref struct Lent(TileStep step, ReplayArena arena) : ITileMemories
    {
        private Loan _memory = new();

        public readonly int Count => step.Memories.Length;

        [UnscopedRef]
        public ref byte Start(int memory)
        {
            TileMemory one = step.Memories[memory];
            return ref _memory.Start(one.Operand < 0 ? step.Number(~one.Operand) : arena.Operand(one.Operand), one.Elements);
        }

        public readonly void Dispose() => _memory.Dispose();
    }
}
