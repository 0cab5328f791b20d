using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Tests.Formats;

using Linear = Adjoint.Nn.Linear;

public class TorchSharpFileTests
{
    [Fact]
    public void A_module_of_TorchSharp_is_loaded()
    {
        OrderedDictionary<string, Tensor> x = TorchSharpFile.Load(WrittenFiles.PathOf("torchsharp.dat"));
        // As TorchSharp prints them.
        x["0.weight"].Sum(DType.Float64).Item().ShouldBe(-0.9206128418445587, 1e-15);
        x["3.bias"].Sum(DType.Float64).Item().ShouldBe(-0.631407618522644, 1e-15);
        (x["1.num_batches_tracked"].DType, x["1.num_batches_tracked"].Item()).ShouldBe((DType.Int64, 1));
        var net = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Tanh(), new Linear(4, 2));
        net.Load(WrittenFiles.PathOf("torchsharp.dat"));
        net.StateDict()["1.running_var"].Sum(DType.Float64).Item().ShouldBe(3.5999999046325684, 1e-15);
    }

    [Fact]
    public void What_is_written_is_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        TorchSharpFile.Save(folder.File("net.dat"), TorchSharpFile.Load(WrittenFiles.PathOf("torchsharp.dat")));
        File.ReadAllBytes(folder.File("net.dat")).ShouldBe(File.ReadAllBytes(WrittenFiles.PathOf("torchsharp.dat")));
    }

    [Fact]
    public void A_file_cut_short_or_too_long_anywhere_is_an_error()
    {
        byte[] whole = File.ReadAllBytes(WrittenFiles.PathOf("torchsharp.dat"));
        for (int length = 0; length < whole.Length; length++)
            Should.Throw<DataFormatException>(() => TorchSharpFile.Load(new MemoryStream(whole[..length]), "cut"), $"{length}");
        Should.Throw<DataFormatException>(() => TorchSharpFile.Load(new MemoryStream([.. whole, 0]), "long"));
    }

    [Fact]
    public void Any_damage_is_an_error_or_other_numbers_and_takes_no_memory()
    {
        byte[] whole = File.ReadAllBytes(WrittenFiles.PathOf("torchsharp.dat"));
        var random = new Random(13);
        for (int i = 0; i < 5000; i++)
        {
            byte[] damaged = [.. whole];
            for (int k = random.Next(1, 4); k > 0; k--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                TorchSharpFile.Load(new MemoryStream(damaged), "damaged");
            }
            catch (DataFormatException)
            {
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
        }
    }
}
