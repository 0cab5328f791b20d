using System.Text;
using Adjoint.Formats;
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

    /// <summary>A gigabyte is announced, and there, but nobody needs it.</summary>
    [Fact]
    public void A_tensor_too_many_is_refused_before_it_is_read()
    {
        string model = _folder.File("model.safetensors");
        byte[] json = Encoding.UTF8.GetBytes("""{"junk":{"dtype":"U8","shape":[1073741824],"data_offsets":[0,1073741824]}}""");
        using (FileStream file = File.Create(model))
        {
            file.Write([.. BitConverter.GetBytes((long)json.Length), .. json]);
            file.SetLength(file.Position + (1L << 30));         // a hole, which takes no disk
        }
        long before = GC.GetTotalAllocatedBytes(precise: true);
        CommandLineRun.Of("eval", "--model", model, "--data", _data).ShouldRefuse("there are junk");
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(50 << 20);
    }

    [Fact]
    public void An_error_obeys_no_terminal_and_does_not_quote_a_whole_file()
    {
        CommandLineRun run = Eval(("\u001b[31m" + new string('x', 100_000), [1]));
        run.ShouldRefuse("there are \\u001b[31mxxx");
        run.Error.Length.ShouldBeLessThan(1200);
    }

    [Fact]
    public void Refuses_a_directory_for_a_model() =>
        CommandLineRun.Of("eval", "--model", _folder.Path, "--data", _data).ShouldRefuse($"{_folder.Path}: this is a directory");

    [Fact]
    public void Refuses_what_is_not_such_a_model()
    {
        CommandLineRun.Of("eval", "--data", _data).ShouldRefuse("--model");
        CommandLineRun.Of("eval", "--model", _folder.File("none"), "--data", _data).ShouldRefuse("none");
        CommandLineRun.Of("eval", "--model", Path.Combine(_data, "t10k-images-idx3-ubyte"), "--data", _data)
            .ShouldRefuse("t10k-images-idx3-ubyte");
        Eval().ShouldRefuse("there is no tensor 'fc1.weight'");
        Eval(("conv.weight", [3, 3])).ShouldRefuse("there are conv.weight");
        Eval(("fc1.weight", [784])).ShouldRefuse("fc1.weight");
        Eval(("fc1.weight", [0, 784]), ("fc1.bias", [0])).ShouldRefuse("the weights of a layer are a matrix, with 1 to 65536 rows");
        Eval(("fc1.weight", [5, 784]), ("fc1.bias", [5]), ("fc2.weight", [10, 6]), ("fc2.bias", [10]))
            .ShouldRefuse("'fc2.weight' is F32 of shape [10, 6], but the layer before it has 5 outputs");
        Eval(("fc1.weight", [10, 784]), ("fc1.bias", [9])).ShouldRefuse("'fc1.bias' is F32 of shape [9]");
        Eval(("fc1.weight", [10, 784])).ShouldRefuse("there is no tensor 'fc1.bias' beside 'fc1.weight'");
        Eval(("fc1.weight", [10, 784]), ("fc1.bias", [10]), ("fc3.bias", [1])).ShouldRefuse("besides MLP 784-10 there are fc3.bias");
        Eval(("fc1.weight", [10, 100]), ("fc1.bias", [10])).ShouldRefuse("the images have 784 pixels");
    }
}
