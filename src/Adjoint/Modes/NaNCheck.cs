namespace Adjoint;

/// <summary>An operation made a NaN out of tensors that had none, under <see cref="Autograd.CheckNaN"/>.</summary>
/// <param name="message">Which operation, which element, and from what.</param>
/// <param name="operation">PyTorch's name of the operation.</param>
public sealed class NaNException(string message, string operation) : AutogradException(message)
{
    /// <summary>PyTorch's name of the operation.</summary>
    public string Operation { get; } = operation;
}

/// <summary>The mode of <see cref="Autograd.CheckNaN"/>.</summary>
internal sealed class NaNCheck() : OpMode(ModeLayer.Check)
{
    internal override bool MayKeep => false;

    protected override IReadOnlyList<Tensor?> Run(OpCall call)
    {
        // Before it runs: an operation in place writes over what it reads.
        bool given = call.Inputs.Any(x => First(x) is not null);
        IReadOnlyList<Tensor?> results = call.Run();
        // What is made of no tensor holds what it was told to, or memory as it comes.
        if (given || call.Inputs.Count == 0) return results;
        for (int i = 0; i < results.Count; i++)
        {
            if (First(results[i]) is not { } place) continue;
            string result = results.Count > 1 ? $"result {i} of shape" : "its result of shape";
            throw new NaNException(
                $"{call.Name}: made the first NaN, at {place} of {result} {results[i]!.Shape}, from {Text(call)}.", call.Name);
        }
        return results;
    }

    private static string Text(OpCall call) => string.Join(", ", call.Inputs.OfType<Tensor>().Select(x => $"{x.DType} {x.Shape}"));

    /// <summary>Where the first NaN is, as an index; null if there is none.</summary>
    private static string? First(Tensor? x)
    {
        if (x is null || !x.DType.IsFloatingPoint || !Elements.HasNaN(x)) return null;
        int at = Array.FindIndex(Elements.ToArray<double>(x), double.IsNaN);
        var index = new int[x.NDim];
        for (int d = index.Length - 1; d >= 0; d--) (at, index[d]) = Math.DivRem(at, x.Shape[d]);
        return Shape.Text(index);
    }
}

public static partial class Autograd
{
    /// <summary>
    /// Until the result is disposed, every operation, forward and backward, that makes a NaN out of tensors without one throws: the first
    /// place where a computation goes wrong, where <see cref="DetectAnomaly"/> finds only what the backward pass meets.
    /// </summary>
    /// <exception cref="NaNException">Thrown by the operation.</exception>
    /// <example><code>
    /// Tensor x = Tensor.From([4f, -1f]);
    /// using (Autograd.CheckNaN())
    /// {
    ///     try { x.Sqrt(); }
    ///     // sqrt: made the first NaN, at [1] of its result of shape [2], from Float32 [2].
    ///     catch (NaNException e) { Console.WriteLine(e.Message); }
    /// }
    /// </code></example>
    public static ModeScope CheckNaN() => new NaNCheck().Enter();
}
