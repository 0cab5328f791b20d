namespace Adjoint.Training;

/// <summary>A number that says how well outputs fit their targets, gathered batch by batch.</summary>
public abstract class Metric
{
    /// <summary>What it is called in results.</summary>
    public abstract string Name { get; }

    /// <summary>The number for all that was added since <see cref="Reset"/>; NaN if nothing was.</summary>
    public abstract double Value { get; }

    /// <summary>Forgets everything.</summary>
    public abstract void Reset();

    /// <summary>Adds a batch.</summary>
    /// <param name="output">What the network gave.</param>
    /// <param name="target">What it should have been.</param>
    public abstract void Add(Tensor output, Tensor target);
}
