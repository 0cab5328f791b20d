using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Where an operand or result of a program lies.</summary>
/// <param name="Memory">The memory that is given to a run; −1 for one that lasts as long as a tile does.</param>
/// <param name="Step">The bytes from one element to the next; 0 where the same memory is there for every tile.</param>
/// <param name="Offset">Of what lasts as long as a tile: how many bytes an element those before it have.</param>
internal readonly record struct TilePlace(int Memory, int Step, int Offset);

/// <summary>An operation of a program: its operands and results by the number of their places; −1 for one that is not there.</summary>
internal readonly record struct TileInstruction(TileKernel Kernel, int[] Places, ulong Repeated);

/// <summary>The memories that a program reads and writes.</summary>
internal interface ITileMemories
{
    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>Gives the elements of a memory to <see cref="TilePins.Take"/>, as many as the program reads or writes.</summary>
    void Lend(int memory, TilePins pins);
}

/// <summary>Takes one memory after the other, and runs the program when it has all of them.</summary>
internal readonly unsafe ref struct TilePins(TileProgram program, byte** starts)
{
    /// <summary>Pins the memory as long as the program runs.</summary>
    public void Take<T, TMemories>(int memory, Span<T> elements, TMemories memories) where T : unmanaged where TMemories : ITileMemories
    {
        fixed (T* start = elements)
        {
            starts[memory] = (byte*)start;
            if (memory + 1 < memories.Count) memories.Lend(memory + 1, this);
            else program.Run(starts);
        }
    }
}

/// <summary>Element-wise operations that are done one after the other on some elements, and then on the next.</summary>
/// <remarks>What lies between two of them is read while it is still in the nearest cache, and never reaches memory.</remarks>
internal sealed unsafe class TileProgram
{
    private const int NearBytes = 32 << 10, Least = 512, Most = 4096, LeastWork = 16384;

    /// <summary>How many operands and results an operation may have.</summary>
    public const int MostOperands = 8;

    [ThreadStatic]
    private static byte[]? t_scratch;

    private readonly long _length;
    private readonly TilePlace[] _places;
    private readonly TileInstruction[] _instructions;
    private readonly int _scratch;

    /// <param name="length">How many elements each result has.</param>
    /// <param name="places">Where operands and results lie.</param>
    /// <param name="instructions">What is done, in order.</param>
    /// <param name="scratch">How many bytes an element all have that last as long as a tile does.</param>
    public TileProgram(long length, TilePlace[] places, TileInstruction[] instructions, int scratch)
    {
        (_length, _places, _instructions, _scratch) = (length, places, instructions, scratch);
        int near = Math.Max(1, scratch + places.Sum(place => place.Memory >= 0 ? place.Step : 0));
        Size = Math.Clamp(NearBytes / near, Least, Most) & -Chunks.Alignment;
    }

    /// <summary>How many elements a tile has.</summary>
    public int Size { get; }

    /// <summary>Runs it, on as many threads as pay.</summary>
    public void Run<TMemories>(TMemories memories) where TMemories : ITileMemories
    {
        byte** starts = stackalloc byte*[memories.Count];
        memories.Lend(0, new TilePins(this, starts));
    }

    /// <summary>Runs it on memories that are pinned.</summary>
    internal void Run(byte** memories)
    {
        var body = new Body(this, memories, new Chunks(_length, Math.Max(1024, LeastWork / _instructions.Length)));
        if (body.Chunks.Count == 1) body.Run(0);
        else Threads.Run(body.Chunks.Count, ref body);
    }

    private readonly struct Body(TileProgram program, byte** memories, Chunks chunks) : IChunkBody
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk) => program.Range(memories, Chunks.Start(chunk), Chunks.End(chunk));
    }

    private void Range(byte** memories, long from, long end)
    {
        int size = (int)Math.Min(Size, (end - from + Chunks.Alignment - 1) & -Chunks.Alignment);
        byte* scratch = Scratch(_scratch * size);
        byte** at = stackalloc byte*[_places.Length];
        void** operands = stackalloc void*[MostOperands];
        for (int i = 0; i < _places.Length; i++)
            at[i] = _places[i] is { Memory: < 0 } own ? scratch + own.Offset * size : memories[_places[i].Memory] + from * _places[i].Step;
        for (long start = from; start < end; start += size)
        {
            int count = (int)Math.Min(size, end - start);
            foreach (ref readonly TileInstruction instruction in _instructions.AsSpan())
            {
                int[] places = instruction.Places;
                for (int i = 0; i < places.Length; i++) operands[i] = places[i] < 0 ? null : at[places[i]];
                instruction.Kernel.Run(operands, instruction.Repeated, start, count);
            }
            for (int i = 0; i < _places.Length; i++)
                if (_places[i].Memory >= 0) at[i] += (long)size * _places[i].Step;
        }
    }

    // Pinned, and of the thread: a tile of the next program lies where that of the last one did.
    private static byte* Scratch(int bytes)
    {
        const int line = 64;
        byte[]? array = t_scratch;
        if (array is null || array.Length < bytes + line)
            t_scratch = array = GC.AllocateUninitializedArray<byte>(Math.Max(bytes, NearBytes) + line, pinned: true);
        byte* start = (byte*)Unsafe.AsPointer(ref array[0]);
        return (byte*)(((nuint)start + line - 1) & ~(nuint)(line - 1));
    }
}
