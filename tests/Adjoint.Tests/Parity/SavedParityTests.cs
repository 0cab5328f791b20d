using System.Text.Json;

namespace Adjoint.Tests.Parity;

/// <summary>
/// An operation keeps no more than PyTorch's: a change in place that is fine there is fine here. What differs is listed with its reason.
/// </summary>
public class SavedParityTests
{
    /// <summary>Refused here and fine there; each is a row of docs/pytorch-map.md.</summary>
    private static readonly Dictionary<(string Op, string Change), string> KeepsMore = new()
    {
        [("tanhshrink", "input 0")] =
            "PyTorch subtracts a tanh, which keeps its result; one node keeps the argument, and the digits near 0",
        [("ndtr", "input 0")] = "PyTorch composes it of erf(x/√2), which keeps x/√2; one node keeps the argument, and the digits of small shares",
    };

    /// <summary>Refused there and fine here: what is kept is computed, so the gradients are those of the values that were used.</summary>
    private static readonly Dictionary<(string Op, string Change), string> KeepsLess = new()
    {
        [("div_trunc", "input 0")] = "PyTorch keeps what its gradients of 0 do not read",
        [("div_trunc", "input 1")] = "PyTorch keeps what its gradients of 0 do not read",
        [("log_ndtr", "output")] = "the slope is one of the scaled complement, which has all digits where the result has few",
        [("lerp", "input 0")] = "x + w·(end − x) keeps the difference, PyTorch's one node both ends",
        [("lerp", "input 1")] = "x + w·(end − x) keeps the difference, PyTorch's one node both ends",
    };

    private sealed record SavedCase(string Op, JsonElement[] Args, InputValue[] Inputs, string[] Changes, bool[] Refused);

    private static readonly ILookup<string, SavedCase> Cases = Fixtures.Read<SavedCase>("saved").ToLookup(c => c.Op);

    [Fact]
    public void What_may_be_changed_in_place_is_what_PyTorch_lets_change()
    {
        List<string> wrong = [];
        var seen = new HashSet<(string, string)>();
        int compared = 0;
        foreach ((string op, OpCall call) in ElementwiseParityTests.All)
            foreach (SavedCase asked in Cases[op])
                foreach ((string change, bool refused) in asked.Changes.Zip(asked.Refused))
                    foreach (Func<Tensor, Tensor> lay in (Func<Tensor, Tensor>[])[x => x, x => Tensor.Stack([x, x], 0).T[.., 0]])
                    {
                        bool ours = IsRefused(call, asked, change, lay);
                        compared++;
                        if (ours == refused) continue;
                        if ((ours ? KeepsMore : KeepsLess).ContainsKey((op, change))) seen.Add((op, change));
                        else wrong.Add($"{op}({string.Join(", ", asked.Args.Select(a => a.GetRawText()))}), {change}: {(ours ? "refused here" : "refused by PyTorch")} only");
                    }
        string.Join('\n', wrong.Distinct()).ShouldBeEmpty();
        KeepsMore.Keys.Concat(KeepsLess.Keys).Except(seen).ShouldBeEmpty("What is listed as different is different.");
        compared.ShouldBeGreaterThan(300);
    }

    private static bool IsRefused(OpCall call, SavedCase asked, string change, Func<Tensor, Tensor> lay)
    {
        Tensor[] inputs = [.. asked.Inputs.Select(input => input.Leaf()).Select(leaf => leaf.RequiresGrad ? lay(leaf * 1) : leaf)];
        Tensor output = call(inputs, new Arguments(asked.Args))[0];
        using (Autograd.NoGrad()) (change == "output" ? output : inputs[int.Parse(change[6..])]).AddInPlace(1);
        try
        {
            output.Sum().Backward();
            return false;
        }
        catch (VersionException)
        {
            return true;
        }
    }
}
