using System.Reflection;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Adjoint.Tests.Surface;

namespace Adjoint.Tests.Kernels;

/// <summary>
/// A formula that the compiler leaves behind a call in its loop takes three times as long and says nothing (Note [Inlining budget]).
/// So the machine code itself is read: of every element-wise operation, forward and backward, in both dtypes.
/// </summary>
public partial class KernelLoopTests
{
    private const string Inside = "ADJOINT_KERNEL_LOOPS";

    /// <summary>Only a new process can be told to print what it compiles.</summary>
    [Fact]
    public async Task No_loop_over_elements_calls_a_function()
    {
        // Where the processor does not multiply and add in one, that is a call in most loops, and nobody's fault.
        Assert.SkipUnless(Fma.IsSupported || AdvSimd.IsSupported, "Without fused multiply-adds loops call for them.");
        if (Environment.GetEnvironmentVariable(Inside) is not null)
        {
            RunAll();
            return;
        }
        using var folder = new TemporaryFolder();
        string file = folder.File("listing");
        await OwnProcess.Run((MethodBase)typeof(KernelLoopTests).GetMethod(nameof(No_loop_over_elements_calls_a_function))!, folder.Path,
            (Inside, "1"), ("DOTNET_JitDisasm", "Many*"), ("DOTNET_JitStdOutFile", file), ("DOTNET_gcServer", "0"));
        IReadOnlyList<Listing> loops = [.. Listing.Read(File.ReadLines(file)).Where(listing => listing.Method.Contains("Sweep:Many"))];
        loops.Count.ShouldBeGreaterThan(300);
        loops.ShouldAllBe(listing => listing.HasLoop);
        string[] left =
            [.. from listing in loops from call in listing.CallsInLoops where !Meant().IsMatch(call) select $"{listing.Method}: {call}"];
        string.Join('\n', left).ShouldBeEmpty();
    }

    [Fact]
    public void A_call_in_a_loop_is_found_and_one_beside_it_is_not()
    {
        string[] Code(string before, string inside, string behind) =>
        [
            "; Assembly listing for method Sweep:Many[Op,float](ptr) (Tier1)", before,
            "G_M000_IG02:", "       vaddps   ymm0, ymm0, ymm1", inside, "       jb       SHORT G_M000_IG02",
            "G_M000_IG03:", behind, "       ret",
        ];
        const string Call = "       call     [Adjoint.Kernels.Formula:Of(float):float]";
        Listing.Read(Code("", Call, "")).Single().CallsInLoops.Count.ShouldBe(1);
        Listing.Read(Code(Call, "", Call)).Single().CallsInLoops.ShouldBeEmpty();
        Listing.Read(Code("", "", "")).Single().HasLoop.ShouldBeTrue();
    }

    // Where special values or arguments out of a formula's range go, one by one; what is too long for any loop; a type's first use.
    [GeneratedRegex(@"Registers:(\w+OfAny|PowOfNormal)\[|Lanes\d+`1\[\w+\]:Map2?\[|CORINFO_HELP_GET_\w*STATIC_BASE")]
    private static partial Regex Meant();

    private static void RunAll()
    {
        foreach (Op op in OpTable.All.Where(op => op.Kind == OpKind.ElementWise))
            foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
            {
                Tensor[] x =
                    [.. op.Inputs.Select((input, i) => (input with { Shape = [100] }).Sample(i).To(dtype).Detach().RequiresGradInPlace())];
                Tensor y = op.Apply(x);
                if (y.RequiresGrad) y.Backward(Tensor.Rand(y.Shape).To(y.DType));
            }
    }

    /// <summary>The machine code of a method, as the compiler prints it.</summary>
    private sealed partial record Listing(string Method, bool HasLoop, IReadOnlyCollection<string> CallsInLoops)
    {
        private const string Begin = "; Assembly listing for method ";

        public static IEnumerable<Listing> Read(IEnumerable<string> lines)
        {
            List<string> method = [];
            foreach (string line in lines)
            {
                if (line.StartsWith(Begin, StringComparison.Ordinal) && method.Count > 0)
                {
                    yield return Of(method);
                    method = [];
                }
                if (method.Count > 0 || line.StartsWith(Begin, StringComparison.Ordinal)) method.Add(line);
            }
            if (method.Count > 0) yield return Of(method);
        }

        // A loop is what lies between a label and a jump back to it.
        private static Listing Of(List<string> code)
        {
            var labels = new Dictionary<string, int>();
            bool loop = false;
            var calls = new HashSet<string>();
            for (int i = 0; i < code.Count; i++)
            {
                if (Label().Match(code[i]) is { Success: true } label) labels[label.Groups[1].Value] = i;
                if (Jump().Match(code[i]) is not { Success: true } jump) continue;
                if (!labels.TryGetValue(jump.Groups[1].Value, out int start)) continue;
                loop = true;
                calls.UnionWith(
                    code[start..i].Select(line => line.Trim()).Where(line => line.StartsWith("call ", StringComparison.Ordinal)));
            }
            return new Listing(code[0][Begin.Length..], loop, calls);
        }

        [GeneratedRegex(@"^(G_M\w+):")]
        private static partial Regex Label();

        [GeneratedRegex(@"^\s+j\w+\s+(?:SHORT )?(G_M\w+)")]
        private static partial Regex Jump();
    }
}
