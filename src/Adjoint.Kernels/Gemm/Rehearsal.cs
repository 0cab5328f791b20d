using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Has the kernels of a layer's products compiled, beside what the program does until it first needs them.</summary>
/// <remarks>
/// // Note [Rehearsals]
/// Tiles are compiled optimized when they are first called, each in 10 to 15 ms, and the first training step of a process needs
/// eight of them, one after the other. A layer that is made tells its sizes, and a thread computes the three products of a step
/// with zeros: the same tiles, whichever the sizes lead to. It needs no list of kernels, and whoever is first, it or the program,
/// compiles for both. Only where there is a second core and a just-in-time compiler, once for sizes that lead to the same tiles, and
/// not for so small layers that nobody would notice. What it costs is bounded: <see cref="Most"/> times three products of
/// matrices of at most <see cref="Largest"/> rows and columns.
/// </remarks>
internal static class Rehearsal
{
    // As many rows as batches often have.
    private const int Batch = 64;

    // A layer with fewer weights is trained on one core in less time than its kernels take to compile.
    private const int Least = 4096;

    // By then nearly all tiles are compiled.
    private const int Most = 16;

    private const int Period = 672, Largest = 2 * Period;

    private static readonly Lock s_gate = new();
    private static readonly HashSet<(int, int, Type)> s_known = [];
    private static readonly Queue<Action> s_waiting = [];
    private static bool s_running;

    /// <summary>
    /// Announces products of a matrix [outputs, inputs] with batches, from the left, the right and as the matrix's gradient.
    /// </summary>
    public static void Of<T>(int inputs, int outputs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if ((long)inputs * outputs < Least || Environment.ProcessorCount == 1 || !RuntimeFeature.IsDynamicCodeCompiled) return;
        (inputs, outputs) = (Like(inputs), Like(outputs));
        lock (s_gate)
        {
            if (s_known.Count == Most || !s_known.Add((inputs, outputs, typeof(T)))) return;
            s_waiting.Enqueue(() => Step<T>(inputs, outputs));
            if (s_running) return;
            s_running = true;
        }
        try
        {
            new Thread(Run) { IsBackground = true, Name = "Adjoint rehearsal", Priority = ThreadPriority.BelowNormal }.UnsafeStart();
        }
        catch (OutOfMemoryException)
        {
            // The process may have no more threads: the layer needs none, and the next one asks again.
            lock (s_gate) s_running = false;
        }
    }

    /// <summary>
    /// A size of at most <see cref="Largest"/> that leaves the same remainder by every height and width of a tile: they divide
    /// <see cref="Period"/>.
    /// </summary>
    internal static int Like(int size) => size <= Largest ? size : Period + size % Period;

    /// <summary>Whether everything that was announced has been computed.</summary>
    internal static bool IsDone
    {
        get
        {
            lock (s_gate) return !s_running;
        }
    }

    private static void Run()
    {
        // The program's own loops need the other threads.
        Threads.StayAlone();
        while (true)
        {
            Action? next;
            lock (s_gate)
            {
                s_running = s_waiting.TryDequeue(out next);
                if (!s_running) return;
            }
            try
            {
                next!();
            }
            catch (OutOfMemoryException)
            {
                // Nothing was asked for: whoever needs memory says so.
            }
        }
    }

    private static void Step<T>(int inputs, int outputs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var w = new T[inputs * outputs];
        T[] x = new T[Batch * inputs], y = new T[Batch * outputs], bias = new T[outputs];
        Gemm.Multiply<T>(
            Trans.No, Trans.Yes, Batch, outputs, inputs, x, inputs, w, inputs, y, outputs, bias: bias, epilogue: Epilogue.Relu);
        Gemm.Multiply<T>(Trans.Yes, Trans.No, outputs, inputs, Batch, y, outputs, x, inputs, w, inputs);
        Gemm.Multiply<T>(Trans.No, Trans.No, Batch, inputs, outputs, y, outputs, w, inputs, x, inputs);
    }
}
