namespace Adjoint.Distributed;

/// <summary>Which rank steps which parameters: PyTorch's <c>ZeroRedundancyOptimizer</c>'s shares.</summary>
/// <remarks>The largest first, each to the rank that has least so far; the same on all ranks.</remarks>
internal sealed class ParameterShards
{
    private readonly Dictionary<Tensor, int> _owners = new(ReferenceEqualityComparer.Instance);
    private readonly List<Tensor>[] _ofRanks;

    internal ParameterShards(IEnumerable<Tensor> parameters, int ranks)
    {
        _ofRanks = [.. Enumerable.Range(0, ranks).Select(_ => new List<Tensor>())];
        long[] sizes = new long[ranks];
        foreach (Tensor parameter in parameters.OrderByDescending(p => p.NumEl))
        {
            int least = Array.IndexOf(sizes, sizes.Min());
            _owners[parameter] = least;
            _ofRanks[least].Add(parameter);
            sizes[least] += parameter.NumEl;
        }
    }

    internal int OwnerOf(Tensor parameter) => _owners[parameter];

    internal IReadOnlyList<Tensor> Of(int rank) => _ofRanks[rank];
}
