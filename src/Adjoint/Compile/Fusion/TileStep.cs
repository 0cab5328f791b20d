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
        program.Run(new Lent(this, arena));
        foreach (int operand in changed) arena.Operand(operand).BumpVersion();
    }

    private TileMemory[] Memories => memories;

    private Tensor Number(int number) => numbers[number];

    // Each memory is lent within the loan of the one before, until the program has run.
    private readonly struct Lent(TileStep step, ReplayArena arena) : ITileMemories
    {
        public int Count => step.Memories.Length;

        public void Lend(int memory, TilePins pins)
        {
            TileMemory one = step.Memories[memory];
            Tensor x = one.Operand < 0 ? step.Number(~one.Operand) : arena.Operand(one.Operand);
            var lending = new Lending(this, pins, memory, one.Elements, x);
            Dispatch.Moving(x.DType, ref lending);
        }
    }

    private readonly ref struct Lending(Lent lent, TilePins pins, int memory, int elements, Tensor x) : IMovingWork
    {
        private readonly TilePins _pins = pins;

        public void Run<T>() where T : unmanaged
        {
            using var loan = new Loan();
            _pins.Take(memory, loan.From<T>(x)[..elements], lent);
        }
    }
}
