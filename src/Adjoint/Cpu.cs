namespace Adjoint;

/// <summary>How the processor is used.</summary>
public static partial class Cpu
{
    /// <summary>
    /// How many threads share the work of an operation, the calling one included; by default one for each processor. Setting 0
    /// restores the default. The results are the same bits for any number.
    /// </summary>
    public static int Threads
    {
        get => Kernels.Threads.Count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Kernels.Threads.Count = value;
        }
    }
}
