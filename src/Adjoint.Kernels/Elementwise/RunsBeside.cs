namespace Adjoint.Kernels;

/// <summary>
/// How neighbouring runs of a broadcast operation lie to each other: by how much each operand moves from one of <see cref="Runs"/> to the
/// next.
/// </summary>
internal readonly struct RunsBeside
{
    private RunsBeside(int runs, int x, int y, bool turnsX, bool turnsY) => (Runs, X, Y, TurnsX, TurnsY) = (runs, x, y, turnsX, turnsY);

    internal int Runs { get; }

    internal int X { get; }

    internal int Y { get; }

    /// <summary>Whether the first operand is to be turned: element i of a run is beside element i of the next run.</summary>
    internal bool TurnsX { get; }

    private bool TurnsY { get; }

    /// <summary>Whether one of the operands is to be turned, and the other lies along the runs.</summary>
    internal bool Turns => TurnsX != TurnsY;

    internal static RunsBeside Of<T>(in Broadcast shape) where T : unmanaged
    {
        int last = shape.Sizes.Length - 1;
        if (last == 0) return new RunsBeside(1, 0, 0, false, false);
        int runs = shape.Sizes[last - 1], x = shape.XStrides[last - 1], y = shape.YStrides[last - 1];
        bool turnsX = shape.XStrides[last] is not (0 or 1), turnsY = shape.YStrides[last] is not (0 or 1);
        bool can = Transposition.Sides<T>() is > 0 and int side && runs >= side && !(turnsX && x != 1) && !(turnsY && y != 1);
        return new RunsBeside(runs, x, y, can && turnsX, can && turnsY);
    }
}
