using System.Collections;

namespace Adjoint.Data;

/// <summary>The order in which a <see cref="DataLoader"/> goes through a dataset: enumerated anew for each epoch.</summary>
public abstract class Sampler : IEnumerable<int>
{
    /// <summary>How many indices an epoch has.</summary>
    public abstract int Count { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// An enumerator that is <see cref="Training.IStateful"/> can be gone on with in the middle of an epoch, as those of the samplers here can.
    /// With any other, a loader that goes on asks for the indices again that were given before.
    /// </remarks>
    public abstract IEnumerator<int> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The generator that was given to draw from.</summary>
    internal virtual Generator? Source => null;
}
