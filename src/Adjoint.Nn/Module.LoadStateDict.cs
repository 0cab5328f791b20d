namespace Adjoint.Nn;

/// <summary>A state dictionary that does not fit the module: names that are missing or not expected, or shapes that differ.</summary>
public sealed class StateDictException(string message) : TensorException(message);

/// <summary>What a state dictionary lacked and what it had too much.</summary>
/// <param name="MissingKeys">Names of the module that the dictionary does not have.</param>
/// <param name="UnexpectedKeys">Names of the dictionary that the module does not have.</param>
public sealed record LoadReport(IReadOnlyList<string> MissingKeys, IReadOnlyList<string> UnexpectedKeys)
{
    /// <summary>Names of the module that the dictionary does not have.</summary>
    public IReadOnlyList<string> MissingKeys { get; init; } = MissingKeys.AllGiven();

    /// <summary>Names of the dictionary that the module does not have.</summary>
    public IReadOnlyList<string> UnexpectedKeys { get; init; } = UnexpectedKeys.AllGiven();
}

public abstract partial class Module
{
    /// <summary>Copies values into the parameters and buffers of this module, which stay the same tensors.</summary>
    /// <param name="state">Values by name, as from <see cref="StateDict"/>; of another dtype they are converted.</param>
    /// <param name="strict">Whether missing and unexpected names are errors.</param>
    /// <returns>The names that were missing or not expected.</returns>
    /// <exception cref="StateDictException">A shape differs or, when strict, the names do. Nothing has been changed.</exception>
    public LoadReport LoadStateDict(IReadOnlyDictionary<string, Tensor> state, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(state);
        state = BeforeLoad(state);
        (LoadReport report, OrderedDictionary<string, Tensor> own) = CheckState(state, strict);
        using (Autograd.NoGrad())
        {
            foreach ((string name, Tensor target) in own)
                if (state.TryGetValue(name, out Tensor? value)) target.CopyInPlace(value.Detach());
        }
        AfterLoad(report);
        return report;
    }

    /// <summary>Throws what <see cref="LoadStateDict"/> would throw.</summary>
    internal void CheckLoads(IReadOnlyDictionary<string, Tensor> state) => CheckState(BeforeLoad(state));

    /// <summary>Compares a state with the module's, which it gives.</summary>
    /// <exception cref="StateDictException">It does not fit.</exception>
    private (LoadReport Report, OrderedDictionary<string, Tensor> Own) CheckState(
        IReadOnlyDictionary<string, Tensor> state, bool strict = true)
    {
        MaterializeOf(state);
        OrderedDictionary<string, Tensor> own = Named();
        var report =
            new LoadReport([.. own.Keys.Where(name => !state.ContainsKey(name))], [.. state.Keys.Where(name => !own.ContainsKey(name))]);
        List<string> errors = [];
        if (strict && report.UnexpectedKeys.Count > 0) errors.Add($"Unexpected key(s): {Quoted(report.UnexpectedKeys)}.");
        if (strict && report.MissingKeys.Count > 0) errors.Add($"Missing key(s): {Quoted(report.MissingKeys)}.");
        foreach ((string name, Tensor target) in own)
        {
            if (state.TryGetValue(name, out Tensor? value) && !value.Shape.Equals(target.Shape))
                errors.Add($"Size mismatch for {name}: the state has shape {value.Shape}, the module {target.Shape}.");
        }
        if (errors.Count > 0)
            throw new StateDictException(
                $"LoadStateDict: the state does not fit {TypeName}. "
                + $"{string.Join(' ', errors)}{(strict ? " Use strict: false to load what fits by name." : "")}");

        return (report, own);
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
