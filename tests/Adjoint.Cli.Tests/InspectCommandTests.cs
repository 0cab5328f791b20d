using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Architecture;
using Adjoint.Training;

namespace Adjoint.Tests.Cli;

/// <summary><c>adjoint inspect</c>: what a file of any format holds.</summary>
public class InspectCommandTests
{
    [Theory]
    [InlineData("checkpoint.pt", "PyTorch", "epoch", "7", "optimizer.param_groups", "model.0.weight", "float32", "[4, 3]", "48")]
    [InlineData("tensors.legacy.pth", "PyTorch", "17 tensors", "transposed", "[4, 3]")]
    [InlineData("arrays.npz", "NumPy archive", "fortran", "[2, 3, 4]", "15 tensors")]
    [InlineData("f4.npy", "NumPy array", "float32", "1 tensors, 4 elements, 16 bytes")]
    [InlineData("tiny.gguf", "GGUF", "general.name", "tiny", "[a, ß]", "Q4_K", "[3, 256]", "13 tensors")]
    [InlineData("torchsharp.dat", "TorchSharp", "1.running_mean", "9 tensors")]
    public void Each_format_says_what_it_holds(string file, params string[] said)
    {
        CommandLineRun run = CommandLineRun.Of("inspect", PathOf(file));
        run.Exit.ShouldBe(0, run.Error);
        foreach (string text in said) run.Output.ShouldContain(text);
    }

    [Fact]
    public void Safetensors_are_listed_without_their_data()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Save(folder.File("x.safetensors"), new Dictionary<string, Tensor> { ["w"] = Tensor.Ones([2, 3]) },
            new Dictionary<string, string> { ["title"] = "a \u001b[31mred\nline" });
        CommandLineRun run = CommandLineRun.Of("inspect", folder.File("x.safetensors"));
        run.Exit.ShouldBe(0, run.Error);
        foreach (string text in (string[])["safetensors", "title", "\\u001b[31mred line", "w", "F32", "[2, 3]", "24"])
            run.Output.ShouldContain(text);
    }

    [Fact]
    public void A_checkpoint_says_what_it_keeps()
    {
        using var folder = new TemporaryFolder();
        var net = new Sequential(new Adjoint.Nn.Linear(3, 2));
        var optimizer = new Adam(net.Parameters());
        var loader = new DataLoader(new TensorDataset(Tensor.Zeros(6, 3)), 2, shuffle: true);
        foreach (Batch batch in loader)
        {
            net.Call(batch[0]).Sum().Backward();
            optimizer.Step();
            new Checkpoint { ["model"] = net, ["optimizer"] = optimizer, ["loader"] = loader, ["epoch"] = 7 }.Save(folder.File("run.pt"));
            break;
        }
        CommandLineRun run = CommandLineRun.Of("inspect", folder.File("run.pt"));
        run.Exit.ShouldBe(0, run.Error);
        foreach (string text in (string[])["run.pt: PyTorch", "epoch", "7", "adjoint.parts.model", "module", "loader.epoch.given", "model.0.weight",
            "[2, 3]", "optimizer.state.0.exp_avg", "rng_state", "[5056]"])
            run.Output.ShouldContain(text);
    }

    [Theory]
    [InlineData("module.pt", "torch.nn.modules.container.Sequential")]
    [InlineData("fields.npy", "has fields or no type")]
    [InlineData("nothing.pt", "nothing.pt")]
    public void What_cannot_be_read_is_one_line(string file, string words) =>
        CommandLineRun.Of("inspect", PathOf(file)).ShouldRefuse(words);

    private static string PathOf(string name) => Path.Combine(SourceTree.Root, "tests", "Parity", "fixtures", "files", name);
}
