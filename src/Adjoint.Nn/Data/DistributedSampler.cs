namespace Adjoint.Data;

/// <summary>
/// The share of one of several processes that train together: every process goes through another part of the dataset, all parts of one
/// size. The indices are those of PyTorch's <c>DistributedSampler</c>.
/// </summary>
/// <remarks>
/// Call <see cref="SetEpoch"/> before each epoch: without it, all epochs have the order of the first. Where the dataset cannot be shared
/// out evenly, indices from the beginning come twice, or some at the end are left out (<c>dropLast</c>).
/// </remarks>
public sealed class DistributedSampler : Sampler
{
    private readonly int _count, _replicas, _rank;
    private readonly bool _shuffle, _dropLast;
    private readonly long _seed;

    /// <summary>The share of process <paramref name="rank"/> of <paramref name="replicas"/> processes.</summary>
    /// <param name="count">The number of examples; at least 1.</param>
    /// <param name="replicas">How many processes there are; at least 1.</param>
    /// <param name="rank">Which of them this is; at least 0 and below the number of processes.</param>
    /// <param name="shuffle">Whether the order is random: a new one for each epoch, the same in all processes.</param>
    /// <param name="seed">With the number of the epoch it decides the order; must be the same in all processes; any whole number.</param>
    /// <param name="dropLast">Whether what is left over when all have as many is left out, where it is otherwise filled up.</param>
    public DistributedSampler(int count, int replicas, int rank, bool shuffle = true, long seed = 0, bool dropLast = false)
    {
        count.AtLeast(1);
        replicas.AtLeast(1);
        if (rank.AtLeast(0) >= replicas)
            throw new ArgumentOutOfRangeException(
                nameof(rank), rank, $"DistributedSampler: of {replicas} processes the last has rank {replicas - 1}, but rank is {rank}.");
        (_count, _replicas, _rank, _shuffle, _seed, _dropLast) = (count, replicas, rank, shuffle, seed, dropLast);
        Count = dropLast ? count / replicas : (int)((count + (long)replicas - 1) / replicas);
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>The epoch whose order is given; see <see cref="SetEpoch"/>.</summary>
    public int Epoch { get; private set; }

    /// <summary>Says which epoch comes next.</summary>
    /// <param name="epoch">Its number; at least 0.</param>
    public void SetEpoch(int epoch) => Epoch = epoch.AtLeast(0);

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator()
    {
        int[]? order = _shuffle ? RandomSampler.Permutation(_count, new Generator(unchecked(_seed + Epoch))) : null;
        // What is filled up goes round from the beginning, as often as it takes.
        for (int i = 0; i < Count; i++)
        {
            int place = (int)((_rank + (long)i * _replicas) % _count);
            yield return order?[place] ?? place;
        }
    }
}
