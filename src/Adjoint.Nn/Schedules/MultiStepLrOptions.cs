namespace Adjoint.Optim;

/// <summary>The options of <see cref="MultiStepLR"/>.</summary>
/// <param name="Milestones">The epochs; one that is there twice counts twice.</param>
/// <param name="Gamma">γ; at least 0.</param>
public sealed record MultiStepLrOptions(IReadOnlyList<int> Milestones, double Gamma = 0.1)
{
    /// <summary>The epochs; one that is there twice counts twice.</summary>
    public IReadOnlyList<int> Milestones { get; init; } = Milestones.Given();

    /// <summary>Whether the other has the same epochs, in the same order, and the same γ.</summary>
    public bool Equals(MultiStepLrOptions? other) =>
        other is not null && Gamma.Equals(other.Gamma) && Milestones.SequenceEqual(other.Milestones);

    /// <inheritdoc/>
    public override int GetHashCode() => Milestones.Aggregate(Gamma.GetHashCode(), HashCode.Combine);
}
