using System.IO.Compression;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Tests.Cli.Training;

/// <summary>Whatever is in the files that it is given, a command does its work or says in one line what is wrong with which file.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private const int Runs = 80;

    private readonly TemporaryFolder _folder = new();
    private readonly System.Random _random = new(3);

    private string Model => _folder.File("model.safetensors");

    private string Images => _folder.File("t10k-images-idx3-ubyte");

    private string Labels => _folder.File("t10k-labels-idx1-ubyte");

    public HostileFilesTests()
    {
        File.WriteAllBytes(Images, [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
        File.WriteAllBytes(Labels, [0, 0, 8, 1, 0, 0, 0, 2, 9, 0]);
        SafeTensors.Save(Model, new Dictionary<string, Tensor>
        {
            ["fc1.weight"] = Tensor.Ones(3, 2),
            ["fc1.bias"] = Tensor.Zeros(3),
            ["fc2.weight"] = Tensor.Ones(10, 3),
            ["fc2.bias"] = Tensor.Zeros(10),
        }, new Dictionary<string, string> { ["title"] = "small" });
        Eval().Exit.ShouldBe(0);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mutated_model_is_evaluated_or_refused() => MutateAndEvaluate(Model, headerEnd: 400);

    [Fact]
    public void Mutated_images_are_evaluated_or_refused() => MutateAndEvaluate(Images, headerEnd: 20);

    [Fact]
    public void Mutated_labels_are_evaluated_or_refused() => MutateAndEvaluate(Labels, headerEnd: 10);

    [Fact]
    public void Mutated_packed_images_are_evaluated_or_refused()
    {
        string packed = Images + ".gz";
        using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest)) gzip.Write(File.ReadAllBytes(Images));
        File.Delete(Images);
        MutateAndEvaluate(packed, headerEnd: 40);
    }

    private void MutateAndEvaluate(string path, int headerEnd)
    {
        byte[] seed = File.ReadAllBytes(path);
        int refused = 0;
        for (int i = 0; i < Runs; i++)
        {
            File.WriteAllBytes(path, Mutated(seed, Math.Min(headerEnd, seed.Length)));
            CommandLineRun run = Eval();
            if (run.Exit == 0) continue;
            run.ShouldRefuse(_folder.Path);
            refused++;
        }
        refused.ShouldBeInRange(Runs / 10, Runs);
    }

    /// <summary>
    /// A few bytes changed to others, to their neighbours or to ones that occur, a piece cut out, said twice, or cut off.
    /// </summary>
    private byte[] Mutated(byte[] seed, int headerEnd)
    {
        List<byte> bytes = [.. seed];
        for (int k = _random.Next(1, 4); k > 0; k--)
        {
            int at = _random.Next(Math.Min(headerEnd, bytes.Count)), length = Math.Min(_random.Next(1, 12), bytes.Count - at);
            switch (_random.Next(6))
            {
                case 0: bytes[at] = (byte)_random.Next(256); break;
                case 1: bytes[at]++; break;
                case 2: bytes[at] = bytes[_random.Next(bytes.Count)]; break;
                case 3 when bytes.Count > length: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 5 when at > 0: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    private CommandLineRun Eval() => CommandLineRun.Of("eval", "--model", Model, "--data", _folder.Path);
}
