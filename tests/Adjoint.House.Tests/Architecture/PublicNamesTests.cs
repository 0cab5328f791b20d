using System.Reflection;

namespace Adjoint.Tests.Architecture;

public class PublicNamesTests
{
    private static readonly Assembly[] Assemblies =
    [
        typeof(Scalar).Assembly, typeof(Tensor).Assembly, typeof(Adjoint.Formats.SafeTensors).Assembly, typeof(Adjoint.Nn.Module).Assembly,
        typeof(Adjoint.Data.ImageFolder).Assembly, typeof(Adjoint.Symbolic.Expr).Assembly, typeof(Adjoint.Plots.Chart).Assembly,
        typeof(Adjoint.Distributed.ProcessGroup).Assembly,
    ];

    /// <summary>A program may import all namespaces together.</summary>
    [Fact]
    public void No_two_public_types_share_a_name() =>
        Assemblies.Distinct().SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsNested).GroupBy(t => t.Name)
            .Where(g => g.Count() > 1).Select(g => string.Join(", ", g.Select(t => t.FullName))).ShouldBeEmpty();

    /// <summary>What every program imports without being asked: a name of ours beside one of these would have to be written in full.</summary>
    [Fact]
    public void No_public_type_is_called_as_one_that_every_program_imports()
    {
        string[] implicitly = ["System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Threading", "System.Threading.Tasks"];
        HashSet<string> theirs = [.. new[] { typeof(object), typeof(Enumerable), typeof(List<>), typeof(Stack<>) }
            .SelectMany(t => t.Assembly.GetExportedTypes()).Where(t => implicitly.Contains(t.Namespace)).Select(t => t.Name)];
        theirs.Count.ShouldBeGreaterThan(300);
        Assemblies.Distinct().SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsNested && theirs.Contains(t.Name))
            .Select(t => t.FullName).ShouldBeEmpty();
    }

    /// <summary>The name is that of a group to come: docs/decisions/0033.</summary>
    [Fact]
    public void Fft_is_a_group_or_nothing() =>
        Assemblies.Distinct().SelectMany(a => a.GetExportedTypes())
            .SelectMany(t => t.GetMembers().Where(m => m.DeclaringType == t).Append(t)).Where(m => m.Name == "Fft")
            .Where(m => m is not Type { IsAbstract: true, IsSealed: true } and not PropertyInfo { PropertyType.Name: "FftGroup" }).ShouldBeEmpty();
}
