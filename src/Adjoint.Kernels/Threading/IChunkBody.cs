namespace Adjoint.Kernels;

/// <summary>
/// The body of a parallel loop. Chunks run in any order, on any thread, each exactly once; every output element must
/// belong to one chunk, so that results do not depend on the number of threads. May be a ref struct holding spans.
/// </summary>
internal interface IChunkBody
{
    /// <summary>Runs chunk number <paramref name="chunk"/>.</summary>
    void Run(int chunk);
}
