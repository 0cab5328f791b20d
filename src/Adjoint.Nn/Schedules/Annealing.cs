namespace Adjoint.Optim;

/// <summary>Ways from one number to another.</summary>
internal static class Annealing
{
    /// <summary>The number at a share of the way, by PyTorch's operations in their order.</summary>
    internal static double Between(this AnnealStrategy strategy, double start, double end, double share) =>
        strategy == AnnealStrategy.Linear ? (end - start) * share + start : end + (start - end) / 2.0 * (Math.Cos(Math.PI * share) + 1);

    /// <summary>The element of a list that has one for each group, or one for all.</summary>
    internal static double Of(this IReadOnlyList<double> rates, int group, string whose, string option) =>
        rates.Count == 1 ? rates[0] : group < rates.Count ? rates[group]
        : throw new InvalidOperationException(
            $"{whose}: group {group} was added to the optimizer, but {option} is given for {rates.Count} groups only.");

    /// <summary>Refuses a list of rates that has neither one for each group nor one for all.</summary>
    internal static void CheckGroups(this IReadOnlyList<double> rates, Optimizer optimizer, string whose, string option)
    {
        if (rates.Count != 1 && rates.Count != optimizer.ParamGroups.Count)
            throw new ArgumentException(
                $"{whose}: {option} must be one number, or one for each of the {optimizer.ParamGroups.Count} groups of parameters, but are "
                + $"{rates.Count}.", option);
    }
}
