using Adjoint.Formats;

namespace Adjoint.Tests.Formats;

public class GgufTests
{
    [Fact]
    public void Every_packing_gives_the_numbers_of_ggmls_loops()
    {
        OrderedDictionary<string, Tensor> expected = Npz.Load(WrittenFiles.PathOf("tiny.gguf.npz"));
        OrderedDictionary<string, Tensor> x = Gguf.Load(WrittenFiles.PathOf("tiny.gguf"));
        x.Keys.Order().ShouldBe(expected.Keys.Order());
        x.Count.ShouldBe(13);
        foreach ((string name, Tensor y) in expected)
        {
            (x[name].DType, x[name].Shape).ShouldBe((y.DType, y.Shape), name);
            x[name].ToArray<double>().ShouldBe(y.ToArray<double>(), name);
        }
    }

    [Fact]
    public void What_a_file_says_of_its_model_is_read()
    {
        OrderedDictionary<string, object> facts = Gguf.Metadata(WrittenFiles.PathOf("tiny.gguf"));
        (facts["general.name"], facts["block_count"], facts["rate"], facts["flag"]).ShouldBe(("tiny", 12L, 0.25, true));
        facts["tokens"].ShouldBeOfType<List<object>>().ShouldBe(["a", "ß"]);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_an_error()
    {
        byte[] whole = File.ReadAllBytes(WrittenFiles.PathOf("tiny.gguf"));
        for (int length = 0; length < whole.Length - 32; length += length < 900 ? 1 : 29)
            Should.Throw<DataFormatException>(() => Gguf.Load(new MemoryStream(whole[..length]), "cut"), $"{length}");
    }

    [Fact]
    public void Any_damage_is_an_error_or_other_numbers_and_takes_no_memory()
    {
        byte[] whole = File.ReadAllBytes(WrittenFiles.PathOf("tiny.gguf"));
        var random = new Random(11);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. whole];
            for (int k = random.Next(1, 4); k > 0; k--) damaged[random.Next(1000)] = (byte)random.Next(256);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Gguf.Load(new MemoryStream(damaged), "damaged");
            }
            catch (DataFormatException)
            {
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
        }
    }
}
