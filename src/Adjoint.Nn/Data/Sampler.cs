using System.Collections;

namespace Adjoint.Data;

/// <summary>The order in which a <see cref="DataLoader"/> goes through a dataset: enumerated anew for each epoch.</summary>
public abstract class Sampler : IEnumerable<int>
{
    /// <summary>How many indices an epoch has.</summary>
    public abstract int Count { get; }

    /// <inheritdoc/>
    public abstract IEnumerator<int> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
