namespace Adjoint.Kernels;

internal static unsafe partial class ElementWise
{
    /// <summary>target[i] = value; large arrays on several threads.</summary>
    public static void Fill<T>(Span<T> target, T value) where T : unmanaged
    {
        if (target.Length <= 2 * Sweep.Grain)
        {
            target.Fill(value);
            return;
        }
        fixed (T* start = target)
        {
            var body = new FillBody<T>(start, value, new Chunks(target.Length, Chunks.Cheap));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct FillBody<T>(T* start, T value, Chunks chunks) : IChunkBody where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk) => new Span<T>(start + Chunks.Start(chunk), (int)(Chunks.End(chunk) - Chunks.Start(chunk))).Fill(value);
    }
}
