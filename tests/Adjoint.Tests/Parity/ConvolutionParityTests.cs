using Adjoint.Nn;

namespace Adjoint.Tests.Parity;

/// <summary>Convolutions and patches have PyTorch's values and gradients, their modules its text, keys and first numbers.</summary>
public class ConvolutionParityTests
{
    internal sealed record ModuleCase(string Name, string Text, TensorValue Input, TensorValue Output, StateEntry[] State);

    internal sealed record StateEntry(string Key, TensorValue Value);

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("convolution").ToLookup(@case => @case.Op);

    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["conv1d"] = Conv(F.Conv1d),
        ["conv2d"] = Conv(F.Conv2d),
        ["conv3d"] = Conv(F.Conv3d),
        ["conv_transpose1d"] = Transposed(F.ConvTranspose1d),
        ["conv_transpose2d"] = Transposed(F.ConvTranspose2d),
        ["conv_transpose3d"] = Transposed(F.ConvTranspose3d),
        ["unfold"] = (x, a) => [F.Unfold(x[0], a.Ints(0), a.Ints(1), a.Ints(2), a.Ints(3))],
        ["fold"] = (x, a) => [F.Fold(x[0], (5, 7), a.Ints(0), a.Ints(1), a.Ints(2), a.Ints(3))],
    };

    // By PyTorch's text of them, which says how they are made.
    private static readonly Dictionary<string, Func<Module>> Modules = new()
    {
        ["Conv1d(4, 6, 3)"] = () => new Conv1d(4, 6, 3),
        ["Conv1d reflect"] = () => new Conv1d(4, 6, 3, 2, 2, 2, 2, bias: false, paddingMode: PadMode.Reflect),
        ["Conv2d(3, 5, (3, 2))"] = () => new Conv2d(3, 5, (3, 2)),
        ["Conv2d same"] = () => new Conv2d(2, 4, (2, 3), padding: "same", dilation: (1, 2), groups: 2),
        ["Conv2d valid"] = () => new Conv2d(2, 4, 3, padding: ConvPadding.Valid, stride: 2),
        ["Conv2d same circular"] = () => new Conv2d(2, 3, (2, 3), padding: "same", paddingMode: PadMode.Circular),
        ["Conv2d replicate"] = () => new Conv2d(2, 3, 3, padding: (1, 2), paddingMode: PadMode.Replicate),
        ["Conv2d zeros"] = () => new Conv2d(3, 3, 3, padding: 1, groups: 3, stride: (2, 1)),
        ["Conv3d"] = () => new Conv3d(2, 3, (1, 2, 3), padding: (0, 1, 1)),
        ["Conv3d circular"] = () => new Conv3d(2, 3, 2, padding: 1, paddingMode: PadMode.Circular),
        ["ConvTranspose1d"] = () => new ConvTranspose1d(4, 6, 3, dilation: 2, groups: 2, bias: false),
        ["ConvTranspose2d"] = () => new ConvTranspose2d(3, 4, 3, 2, 1, 1),
        ["ConvTranspose3d"] = () => new ConvTranspose3d(2, 3, (1, 2, 3), stride: (1, 2, 1)),
        ["Unfold"] = () => new Unfold((2, 3), padding: 1),
        ["Unfold 2"] = () => new Unfold(2, stride: 2),
        ["Fold"] = () => new Fold((4, 5), (2, 3), stride: (1, 2)),
    };

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation)
    {
        Cases[operation].Count().ShouldBeGreaterThan(5);
        OpParity.Differences(Cases[operation], Calls[operation], slack: 50).Take(10).ShouldBeEmpty();
    }

    [Fact]
    public void Modules_have_PyTorchs_text_keys_and_first_numbers()
    {
        ModuleCase[] cases = [.. Fixtures.Read<ModuleCase>("convolution_modules")];
        cases.Select(c => c.Name).ShouldBe(Modules.Keys);
        foreach (ModuleCase @case in cases)
        {
            Rng.ManualSeed(7);
            Module module = Modules[@case.Name]();
            module.ToString().ShouldBe(@case.Text);
            var state = module.StateDict();
            state.Keys.ShouldBe(@case.State.Select(entry => entry.Key));
            foreach ((string key, TensorValue expected) in @case.State)
            {
                state[key].Shape.Sizes.ToArray().ShouldBe(expected.Shape, @case.Name);
                state[key].ToArray<float>().ShouldBe(expected.Numbers.Select(v => (float)v), @case.Name);
            }
            Tensor y = module.Call(@case.Input.ToTensor());
            y.Shape.Sizes.ToArray().ShouldBe(@case.Output.Shape, @case.Name);
            y.AllClose(@case.Output.ToTensor(), 1e-5, 1e-5).ShouldBeTrue(@case.Name);
        }
    }

    private static OpCall Conv(Func<Tensor, Tensor, Tensor?, Sizes, ConvPadding, Sizes, int, Tensor> call) => (x, a) =>
        [call(x[0], x[1], x.Length > 2 ? x[2] : null, a.Ints(0), a.IsText(1) ? a.Text(1) : a.Ints(1), a.Ints(2), a.Int(3))];

    private static OpCall Transposed(Func<Tensor, Tensor, Tensor?, Sizes, Sizes, Sizes, int, Sizes, Tensor> call) => (x, a) =>
        [call(x[0], x[1], x.Length > 2 ? x[2] : null, a.Ints(0), a.Ints(1), a.Ints(2), a.Int(3), a.Ints(4))];
}
