using System.ComponentModel;
using System.Reflection;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// What an editor offers after <c>Adjoint.</c> is what users use. A new public type is named here, or it is machinery and says so:
/// <c>[EditorBrowsable(Never)]</c>, or Advanced where who writes operations of his own needs it.
/// </summary>
public class RootNamespaceTests
{
    private static readonly string[] s_users =
    [
        // Tensors.
        "Tensor", "Shape", "DType", "TensorIndex", "Number", "PrintOptions", "CollectionPolicy", "Cpu", "GeluApproximation", "MemoryScope",
        "Linalg", "LinalgGroup", "Special", "SpecialGroup", "RoundingMode", "PadMode", "GridIndexing", "Sizes", "ConvPadding", "InterpolateMode",
        "GridSampleMode",
        "GridSamplePadding", "QuantileInterpolation",
        "ScatterReduction",
        // Random numbers.
        "Rng", "Generator", "GeneratorFork",
        // Gradients of tensors.
        "Autograd", "GradScope", "AnomalyScope", "Node", "HookHandle", "Function", "ForwardAD", "ForwardLevel", "Transforms", "Jacobian",
        "SavedMemory", "SavedTensorsScope", "GradCheck", "GradCheckOptions", "JacobianReport", "JacobianBlocks", "TensorNumeric",
        "DerivativeMode", "Compiled",
        // Graphs and profiles.
        "Graph", "GraphEntries", "GraphEntry", "GraphPath", "GraphSummary", "GraphOperation", "GraphTensor", "GraphValue", "GraphMemory",
        "GraphGradient", "GraphLine", "GraphRole", "GraphPhase", "RecordedGraph", "GraphExplanation",
        "GraphReason", "GraphCause", "GraphTerm", "GraphShare", "GraphStep", "GraphCSharp", "Profile", "ProfileRow",
        // Derivatives of numbers.
        "Scalar", "Dual", "VectorDual", "Var", "Tape", "Taylor", "Numeric", "NumericDerivative", "NumericGradient", "NumericMethod",
        "ErrorCurve", "ErrorPoint", "Real", "IAlgebra", "IScalarFunction", "IScalarFunction2", "IFunction", "IVectorFunction", "IUnaryFunction",
        // Errors.
        "TensorException", "ShapeException", "DTypeException", "TensorIndexException", "AutogradException", "VersionException",
        "MissingRuleException", "LinalgException", "NaNException", "AnomalyException", "GradCheckException", "GraphException",
    ];

    private static readonly Type[] s_types =
    [
        .. new[] { typeof(Scalar).Assembly, typeof(global::Adjoint.Kernels.ElementWise).Assembly, typeof(Tensor).Assembly, typeof(Adjoint.Formats.SafeTensors).Assembly,
                typeof(Adjoint.Nn.Module).Assembly, typeof(Adjoint.Data.ImageFolder).Assembly, typeof(Adjoint.Symbolic.Expr).Assembly,
                typeof(Adjoint.Plots.Chart).Assembly, typeof(Adjoint.Distributed.ProcessGroup).Assembly }
            .SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsNested),
    ];

    [Fact]
    public void What_is_offered_is_what_users_use()
    {
        string[] offered = [.. s_types.Where(t => t.Namespace == "Adjoint" && !IsHidden(t)).Select(Plain).Distinct().Order(StringComparer.Ordinal)];
        offered.Except(s_users).ShouldBeEmpty("It is offered to everybody: name it here, or hide it.");
        s_users.Except(offered).ShouldBeEmpty("It is no longer there.");
    }

    /// <summary>
    /// Who means one must not get the other: names that differ by one letter, or by a plural, are taken for each other. All namespaces may
    /// be imported together.
    /// </summary>
    [Fact]
    public void No_two_public_names_are_nearly_the_same()
    {
        string[] names = [.. s_types.Where(t => !IsHidden(t)).Select(Plain).Distinct().Order(StringComparer.Ordinal)];
        (from a in names
         from b in names
         where string.CompareOrdinal(a, b) < 0 && Math.Min(a.Length, b.Length) > 3 && AreAlike(a, b) && !s_alike.Contains((a, b))
         select $"{a} and {b}").ShouldBeEmpty();
    }

    /// <summary>Alike on purpose: PyTorch's names, and interfaces beside classes, where the compiler knows which is meant.</summary>
    private static readonly HashSet<(string, string)> s_alike =
    [
        ("Adam", "AdamW"), ("Adam", "NAdam"), ("Adam", "RAdam"), ("NAdam", "RAdam"), ("AdamOptions", "AdamWOptions"),
        ("AdamOptions", "NAdamOptions"), ("AdamOptions", "RAdamOptions"), ("NAdamOptions", "RAdamOptions"),
        ("CELU", "GELU"), ("CELU", "ReLU"), ("CELU", "SELU"), ("GELU", "ReLU"), ("GELU", "SELU"), ("ReLU", "ReLU6"), ("ReLU", "SELU"),
        ("SELU", "SiLU"), ("PReLU", "RReLU"), ("PReLU", "ReLU"), ("RReLU", "ReLU"), ("ASGDOptions", "SgdOptions"),
        ("Emnist", "Kmnist"), ("Emnist", "Mnist"), ("Kmnist", "Mnist"), ("Cifar10", "Cifar100"),
        ("Function", "IFunction"), ("IUnaryFunction", "UnaryFunction"), ("IScalarFunction", "IScalarFunction2"),
    ];

    private static bool AreAlike(string a, string b)
    {
        // PyTorch's number of dimensions: MaxPool1d, MaxPool2d, and ConvNd for what all of them are.
        if (a.Length == b.Length && a[^1] == 'd' && b[^1] == 'd' && IsDims(a[^2]) && IsDims(b[^2])) return false;
        (a, b) = a.Length <= b.Length ? (a.ToLowerInvariant(), b.ToLowerInvariant()) : (b.ToLowerInvariant(), a.ToLowerInvariant());
        if (b.Length - a.Length > 1) return b == a + "es";
        int same = 0;
        while (same < a.Length && a[same] == b[same]) same++;
        return a[same..] == b[(same + 1)..] || (a.Length == b.Length && a[(same + 1)..] == b[(same + 1)..]);
    }

    private static bool IsDims(char letter) => char.IsAsciiDigit(letter) || letter == 'N';

    private static bool IsHidden(Type type) =>
        type.GetCustomAttribute<EditorBrowsableAttribute>(inherit: false) is { State: EditorBrowsableState.Never or EditorBrowsableState.Advanced };

    private static string Plain(Type type) => type.Name.Split('`')[0];
}
