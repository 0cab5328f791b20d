using Adjoint.Nn;

namespace Adjoint.Distributed;

/// <summary>
/// Batch normalisation over the batches of all ranks together, as if one process had them: PyTorch's <c>SyncBatchNorm</c>.
/// </summary>
public static class SyncBatchNorm
{
    /// <summary>
    /// Has all batch normalisations in a module take mean and variance in training over the batches of all ranks. The layers, their
    /// parameters and averages stay the same objects. PyTorch's <c>convert_sync_batchnorm</c>.
    /// </summary>
    /// <remarks>
    /// Each forward call of such a layer then waits for all ranks, and so does its part of each backward pass. The batches need not be of
    /// one size. The gradient cannot be differentiated again.
    /// </remarks>
    /// <param name="module">The module.</param>
    /// <param name="group">The processes.</param>
    /// <returns>The module.</returns>
    /// <example><code>
    /// var net = SyncBatchNorm.Convert(new Sequential(new Linear(3, 8), new BatchNorm1d(8)), new SingleProcess());
    /// </code></example>
    public static T Convert<T>(T module, ProcessGroup group) where T : Module
    {
        module.Given();
        var moments = new GroupMoments(group.Given());
        foreach (Module part in module.Modules())
            if (part is BatchNorm norm) norm.Shared = moments;
        return module;
    }
}
