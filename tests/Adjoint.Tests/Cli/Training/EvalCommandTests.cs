using Adjoint.Nn;

namespace Adjoint.Tests.Cli.Training;

public sealed class EvalCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public EvalCommandTests() => _data = SmallMnist.WriteTo(_folder.File("data"), train: 1, test: 10);

    public void Dispose() => _folder.Dispose();

    private CommandLineRun Eval(params (string Name, int[] Shape)[] tensors)
    {
        string model = _folder.File("model.safetensors");
        SafeTensors.Save(model, tensors.Select(t => KeyValuePair.Create(t.Name, Tensor.Zeros(Shape.Of(t.Shape)))));
        return CommandLineRun.Of("eval", "--model", model, "--data", _data);
    }

    [Fact]
    public void A_network_of_zeros_takes_everything_for_0()
    {
        CommandLineRun run = Eval(("fc1.weight", [10, 784]), ("fc1.bias", [10]));
        run.Exit.ShouldBe(0, run.Error);
        run.Lines[0].ShouldStartWith("MLP 784-10 from ");
        run.Lines[^1].ShouldStartWith("test accuracy 0.1000, loss 2.3026 on 10 images in ");      // one 0 among the first ten; ln 10
    }

    [Fact]
    public void Refuses_what_is_not_such_a_model()
    {
        CommandLineRun.Of("eval", "--data", _data).ShouldRefuse("--model");
        CommandLineRun.Of("eval", "--model", _folder.File("none"), "--data", _data).ShouldRefuse("none");
        CommandLineRun.Of("eval", "--model", Path.Combine(_data, "t10k-images-idx3-ubyte"), "--data", _data).ShouldRefuse("t10k-images-idx3-ubyte");
        Eval().ShouldRefuse("there is no tensor 'fc1.weight'");
        Eval(("conv.weight", [3, 3])).ShouldRefuse("there are conv.weight");
        Eval(("fc1.weight", [784])).ShouldRefuse("fc1.weight");
        Eval(("fc1.weight", [5, 784]), ("fc1.bias", [5]), ("fc2.weight", [10, 6]), ("fc2.bias", [10])).ShouldRefuse("'fc2.weight' has shape [10, 6]");
        Eval(("fc1.weight", [10, 784]), ("fc1.bias", [9])).ShouldRefuse("fc1.bias");
        Eval(("fc1.weight", [10, 784])).ShouldRefuse("fc1.bias");
        Eval(("fc1.weight", [10, 100]), ("fc1.bias", [10])).ShouldRefuse("the images have 784 pixels");
    }
}
