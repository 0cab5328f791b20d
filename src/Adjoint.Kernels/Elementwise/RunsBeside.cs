namespace Adjoint.Kernels;

/// <summary>How neighbouring runs of a broadcast operation lie to each other: by how much each operand moves from one of <see cref="Runs"/> to the next.</summary>
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
        if (last == 0 || Transposition.Sides<T>() == 0 || shape.Sizes[last - 1] < Transposition.Sides<T>()) return default;
        int x = shape.XStrides[last], y = shape.YStrides[last], xBeside = shape.XStrides[last - 1], yBeside = shape.YStrides[last - 1];
        bool turnsX = x is not (0 or 1), turnsY = y is not (0 or 1);
        return turnsX && xBeside != 1 || turnsY && yBeside != 1 ? default : new RunsBeside(shape.Sizes[last - 1], xBeside, yBeside, turnsX, turnsY);
    }
}
