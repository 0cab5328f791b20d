namespace Adjoint.Kernels;

/// <summary>What is done to each matrix of a batch.</summary>
internal interface IBatchBody
{
    /// <summary>Does it to one matrix.</summary>
    void One(int item);
}

/// <summary>Matrices one by one, on all cores: many small ones in parallel, a large one in parallel within itself.</summary>
internal static class Batches
{
    private const double WorthAThread = 1 << 15, WorthAllThreads = 1 << 24;

    /// <summary>Runs the body for each of <paramref name="count"/> matrices.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cost">About how many operations each is.</param>
    /// <param name="body">What is done.</param>
    internal static void Run<TBody>(int count, double cost, ref TBody body) where TBody : struct, IBatchBody
    {
        if (count <= 1 || (count < 8 && cost > WorthAllThreads))
        {
            for (int i = 0; i < count; i++) body.One(i);
            return;
        }
        int each = (int)Math.Clamp(WorthAThread / Math.Max(cost, 1), 1, count);
        var chunks = new Several<TBody> { Body = body, Count = count, Each = each };
        Threads.Run((int)(((long)count + each - 1) / each), ref chunks);
    }

    private struct Several<TBody> : IChunkBody where TBody : struct, IBatchBody
    {
        public TBody Body;
        public int Count, Each;

        public void Run(int chunk)
        {
            int start = chunk * Each, end = start + Math.Min(Each, Count - start);
            for (int i = start; i < end; i++) Body.One(i);
        }
    }
}
