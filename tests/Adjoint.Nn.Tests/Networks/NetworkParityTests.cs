using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Tests.Architecture;
using Adjoint.Tests.Parity;
using Adjoint.Tests.RandomNumbers;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

/// <summary>
/// Whole networks as people write them are PyTorch's: text, names, initial bits, outputs, gradients and twenty steps; and their states go both
/// ways in files of PyTorch. tests/Parity/network_fixtures.py has the same networks.
/// </summary>
[Collection(DefaultGenerator.Collection)]
public class NetworkParityTests
{
    private static readonly Dictionary<string, (LayerCase.Make Make, LayerCase.Run Run)> Networks = new()
    {
        ["unet"] = (d => new UNet(d), (m, x) => [m.Call(x[0])]),
        ["seq2seq"] = (d => new Seq2Seq(d), (m, x) => [m.Call(x[0], x[1])]),
        ["tagger"] = (d => new Tagger(d), (m, x) => ((Tagger)m).Call(x[0])),
        ["vit"] = (d => new ViT(d), (m, x) => [m.Call(x[0])]),
        ["gan"] = (d => new Gan(d), (m, x) => ((Gan)m).Call(x[0], x[1])),
        ["resnet"] = (d => new ResNet(d), (m, x) => [m.Call(x[0])]),
        ["autoencoder"] = (d => new Autoencoder(d), (m, x) => ((Autoencoder)m).Call(x[0])),
        ["texts"] = (d => new Texts(d), (m, x) => [((Texts)m).Call(x[0], x[1], x[2])]),
        ["decoder"] = (d => new Decoder(d), (m, x) => [m.Call(x[0], x[1])]),
        ["tcn"] = (d => new Tcn(d), (m, x) => [m.Call(x[0])]),
        ["mobile"] = (d => new Mobile(d), (m, x) => ((Mobile)m).Call(x[0])),
    };

    private static readonly LayerCase[] Cases = [.. Fixtures.Read<LayerCase>("networks")];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    // Where bags begin is read in C#, which a captured step cannot repeat.
    public static TheoryData<string> Captured => [.. Cases.Select(c => c.Name).Where(name => name != "texts")];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_is_PyTorchs(string name) =>
        Cases.Single(c => c.Name == name).Differences(Networks[name].Make, Networks[name].Run).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Captured))]
    public void Compiled_copied_and_loaded_it_does_the_same_to_the_bit(string name) =>
        Cases.Single(c => c.Name == name).DifferencesOfForms(Networks[name].Make, Networks[name].Run).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_state_goes_both_ways_in_files_of_PyTorch(string name)
    {
        Rng.ManualSeed(99);
        Module net = Networks[name].Make(DType.Float64), other = Networks[name].Make(DType.Float64);
        net.LoadStateDict(StateOf(name));
        Cases.Single(c => c.Name == name).DifferencesOfOutputs(net, Networks[name].Run).ShouldBeEmpty();
        using var folder = new TemporaryFolder();
        TorchFile.Save(folder.File("net.pt"), net.StateDict());
        other.LoadStateDict(TorchFile.LoadTensors(folder.File("net.pt")));
        foreach ((string key, Tensor x) in other.StateDict()) x.ElementsEqual(net.StateDict()[key]).ShouldBeTrue(key);
    }

    [Fact]
    public void A_state_of_the_older_weight_norm_is_loaded()
    {
        Rng.ManualSeed(99);
        var net = new Tcn(DType.Float64);
        Dictionary<string, Tensor> state = StateOf("tcn.old");
        state.Keys.ShouldContain("network.0.conv1.weight_g");
        net.LoadStateDict(state);
        Cases.Single(c => c.Name == "tcn").DifferencesOfOutputs(net, Networks["tcn"].Run).ShouldBeEmpty();
    }

    private static Dictionary<string, Tensor> StateOf(string name)
    {
        string path = Path.Combine(SourceTree.Root, "tests", "Parity", "fixtures", "files", "networks.pt");
        var all = (OrderedDictionary<object, object?>)TorchFile.Load(path)!;
        return ((OrderedDictionary<object, object?>)all[name]!).ToDictionary(pair => (string)pair.Key, pair => (Tensor)pair.Value!);
    }
}
