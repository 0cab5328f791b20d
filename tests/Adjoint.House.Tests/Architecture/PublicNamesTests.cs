using System.Reflection;

namespace Adjoint.Tests.Architecture;

public class PublicNamesTests
{
    private static readonly Assembly[] Assemblies =
    [
        typeof(Scalar).Assembly, typeof(Tensor).Assembly, typeof(Adjoint.Formats.SafeTensors).Assembly, typeof(Adjoint.Nn.Module).Assembly,
        typeof(Adjoint.Symbolic.Expr).Assembly, typeof(Adjoint.Plots.Chart).Assembly,
    ];

    /// <summary>A program may import all namespaces together.</summary>
    [Fact]
    public void No_two_public_types_share_a_name() =>
        Assemblies.Distinct().SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsNested).GroupBy(t => t.Name)
            .Where(g => g.Count() > 1).Select(g => string.Join(", ", g.Select(t => t.FullName))).ShouldBeEmpty();
}
