using System.Reflection;
using System.Text.RegularExpressions;
using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface;

/// <summary>Of which operation an error speaks, and whether that is what was called.</summary>
internal static partial class Calls
{
    /// <summary>Everything that makes tensors of tensors, by name.</summary>
    private static readonly HashSet<string> s_operations =
    [
        .. OpTable.All.Select(op => Plain(op.Name)),
        .. typeof(Tensor).GetMethods().Concat(typeof(F).GetMethods()).Concat(typeof(Init).GetMethods())
            .Where(m => !m.IsSpecialName && m.ReturnType != typeof(void) && m.DeclaringType != typeof(object)).Select(m => Plain(m.Name)),
    ];

    /// <summary>What runs operations of others, and says which of them went wrong.</summary>
    private static readonly HashSet<string> s_runners =
    [
        "Binary.Apply", "Binary.ApplyInPlace", "Unary.Apply", "Unary.ApplyInPlace", "OpCall.With", "OpCall.Run", "Node.Call",
        "RecordedGraph.Along", "Graph.Entries", "Graph.Capture",
    ];

    // Indexing has no name of its own.
    private static readonly HashSet<string> s_indexing = ["index", "select", "slice"];

    private static readonly Dictionary<string, string[]> s_operators = new()
    {
        ["op_Addition"] = ["add"],
        ["op_Subtraction"] = ["sub", "rsub"],
        ["op_Multiply"] = ["mul"],
        ["op_Division"] = ["div"],
        ["op_Modulus"] = ["remainder"],
        ["op_UnaryNegation"] = ["neg"],
        ["op_LessThan"] = ["lt"],
        ["op_GreaterThan"] = ["gt"],
        ["op_LessThanOrEqual"] = ["le"],
        ["op_GreaterThanOrEqual"] = ["ge"],
        ["op_Equality"] = ["eq"],
        ["op_Inequality"] = ["ne"],
        ["op_BitwiseAnd"] = ["logicaland", "bitwiseand"],
        ["op_BitwiseOr"] = ["logicalor", "bitwiseor"],
        ["op_ExclusiveOr"] = ["logicalxor", "bitwisexor"],
        ["op_OnesComplement"] = ["logicalnot", "bitwisenot"],
        ["op_Explicit"] = ["item"],
        ["op_Implicit"] = ["index"],
    };

    // Words over any algebra know no tensors: an error is that of their formula.
    private static readonly Dictionary<string, string> s_formulas = new() { ["TruncDivide"] = "div", ["Zeta"] = "specialzeta" };

    /// <summary>The operation that an error names at its beginning, if it names one.</summary>
    internal static string? SpokenOf(Exception e) =>
        // Which operation made a NaN is what is asked there.
        e is not NaNException && Beginning().Match(e.Message) is { Success: true } name && s_operations.Contains(Plain(name.Groups[1].Value))
        ? name.Groups[1].Value : null;

    /// <summary>Whether a member is called by that name.</summary>
    internal static bool Are(MethodBase member, string name)
    {
        string spoken = Plain(name), own = member.Name, type = member.DeclaringType!.Name.Split('`')[0];
        if (s_runners.Contains($"{type}.{own}")) return true;
        if (s_operators.TryGetValue(own, out string[]? operators)) return operators.Contains(spoken);
        if (type == nameof(AlgebraWords) && s_formulas.TryGetValue(own, out string? formula)) return spoken == formula;
        // A module speaks of itself, and the one that is called is a Linear.
        if (member.DeclaringType == typeof(Module) || type == nameof(ModuleWords)) return spoken == "linear";
        if (own is "get_Item" or "get_Part" or "set_Item" or "set_Part") return s_indexing.Contains(spoken) || spoken == Plain(type);
        own = Plain(own.Replace("get_", "", StringComparison.Ordinal).Replace("set_", "", StringComparison.Ordinal));
        // What layers of one, two and three dimensions have in common stands in one type: MaxPool, of MaxPool1d.
        return spoken == own || spoken == Plain(type) || spoken == Plain(type) + own || Dims().Replace(spoken, "") == Plain(type);
    }

    internal static string Plain(string name)
    {
        string plain = name.Replace("_", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).ToLowerInvariant();
        return plain.EndsWith("inplace", StringComparison.Ordinal) ? plain[..^7] : plain;
    }

    [GeneratedRegex("[123]d$")]
    private static partial Regex Dims();

    [GeneratedRegex(@"^([A-Za-z_][A-Za-z_0-9.]*): ")]
    private static partial Regex Beginning();
}
