using System.Globalization;
using Adjoint.Symbolic;

namespace Adjoint.Cli.Commands;

/// <summary>What is told of an operation: what it says itself, and what follows from its rule.</summary>
internal sealed class OpEntry
{
    public OpEntry(Op op)
    {
        Op = op;
        OpFormula? formula = op.Kind == OpKind.ElementWise ? OpFormula.Of(op) : null;
        Formula = formula?.Typed.ToText() ?? op.Info.Formula;
        Parameters = formula?.Parameters ?? [];
        Slopes = formula is null ? [] : [.. formula.Slopes.Select(slope => slope.ToText())];
        Tensor value = op.Apply([.. op.Inputs.Select((input, i) => input.Sample(i).RequiresGradInPlace())]);
        Node = value.GradFn?.Name;
    }

    public Op Op { get; }

    public string Formula { get; }

    /// <summary>The parameters of the formula, with the numbers the operation is tried with.</summary>
    public IReadOnlyList<(string Name, double Value)> Parameters { get; }

    /// <summary>The slopes by each argument of an element-wise operation.</summary>
    public IReadOnlyList<string> Slopes { get; }

    /// <summary>The name of the node it records, which is PyTorch's; null if it records none.</summary>
    public string? Node { get; }

    /// <summary>The name of the module that does only this; null if there is none.</summary>
    public string? Module => Op.Info.Module?.Split('(')[0];

    /// <summary>The derivative in one line: the slopes, or what follows from the kind.</summary>
    public string Derivative => Op.Kind switch
    {
        OpKind.ElementWise => string.Join("; ", Slopes),
        OpKind.Linear => "its transpose",
        OpKind.Bilinear => "its transposes by each argument",
        OpKind.Composite => "that of its parts",
        OpKind.Zero => "none",
        _ => Op.Info.Gradient,
    };

    /// <summary>What the derivative reads of the call.</summary>
    public string Saves => Op switch
    {
        UnaryRow unary => Words(unary.Saves, "x", "y"),
        BinaryRow binary => Words(binary.Saves, "x, y", "z"),
        _ => "",
    };

    public string DTypes => Op switch
    {
        UnaryRow unary => Words(unary.KeepsIntegers, unary.TakesBool),
        BinaryRow binary => Words(binary.KeepsIntegers, binary.TakesBool),
        _ => "",
    };

    /// <summary>Points without a derivative, among those the gradient tests might try.</summary>
    public string Kinks =>
        string.Join("; ", Op.Inputs.Select(input => string.Join(", ", input.Domain.Kinks.Select(Number))).Where(kinks => kinks.Length > 0));

    public string Accuracy => Op.Info.Ulps is { } ulps ? $"{Number(ulps.Float32)} ulp in Float32, {Number(ulps.Float64)} in Float64" : "";

    /// <summary>All that is known, in the order it is shown; what does not apply is left out.</summary>
    public IEnumerable<(string What, string Text)> Members
    {
        get
        {
            OpInfo info = Op.Info;
            string[] by = Op is UnaryRow ? ["dy/dx"] : ["∂z/∂x", "∂z/∂y"];
            (string, string)[] all =
            [
                ("kind", KindText(Op.Kind)),
                ("formula", Formula),
                .. Slopes.Zip(by, (slope, what) => (what, slope)),
                ("gradient", Slopes.Count == 0 ? Derivative : ""),
                ("keeps", Saves),
                ("dtypes", DTypes),
                ("no slope at", Kinks),
                ("accuracy", Accuracy),
                ("in formulas", string.Join(", ", info.FormulaNames)),
                ("elsewhere", string.Join(", ", info.NamesElsewhere)),
                ("inverse", info.Inverse ?? ""),
                ("facts", info.Facts == OpFacts.None ? "" : FactsText(info.Facts)),
                ("LaTeX", info.Latex ?? ""),
                (".NET", info.DotNet ?? ""),
                ("module", Module ?? ""),
                ("PyTorch", info.Torch),
                ("node", Node ?? ""),
                ("ONNX", info.Onnx ?? ""),
            ];
            return all.Where(member => member.Item2.Length > 0);
        }
    }

    public static string KindText(OpKind kind) => kind switch
    {
        OpKind.ElementWise => "element-wise",
        OpKind.Linear => "linear",
        OpKind.Bilinear => "bilinear",
        OpKind.Composite => "composite",
        OpKind.Zero => "without a gradient",
        _ => "a rule of its own",
    };

    public static IEnumerable<string> FactWords(OpFacts facts) =>
        Enum.GetValues<OpFacts>().Where(fact => fact != OpFacts.None && (facts & fact) != 0).Select(fact => fact switch
        {
            OpFacts.NotNegative => "not negative",
            OpFacts.Cancels => "undoes its inverse",
            OpFacts.PassesOverNaN => "passes over NaN",
            OpFacts.Whole => "whole in formulas",
            _ => fact.ToString().ToLowerInvariant(),
        });

    private static string FactsText(OpFacts facts) => string.Join(", ", FactWords(facts));

    private static string Words(Saves saves, string input, string output) => saves switch
    {
        Adjoint.Saves.None => "nothing",
        Adjoint.Saves.Input => input,
        Adjoint.Saves.Output => output,
        _ => $"{input}, {output}",
    };

    private static string Words(bool keepsIntegers, bool takesBool) =>
        $"floating; integers {(keepsIntegers ? "stay integers" : "become Float32")}{(takesBool ? "" : "; no Bool")}";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
