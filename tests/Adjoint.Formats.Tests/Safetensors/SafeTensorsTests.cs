using System.Text;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Tests.Nn.Checkpoints;

public class SafeTensorsTests
{
    [Fact]
    public void Every_dtype_and_layout_comes_back_the_same()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state.safetensors");
        var state = new Dictionary<string, Tensor>
        {
            ["fc1.weight"] = Tensor.From([1f, -2.5f, float.NaN, float.PositiveInfinity, -0f, 1e-45f], [2, 3], requiresGrad: true),
            ["transposed"] = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3]).T,
            ["double"] = Tensor.From([Math.PI, double.Epsilon]),
            ["int"] = Tensor.From([int.MinValue, 7]),
            ["step"] = Tensor.Scalar(3, DType.Int64),
            ["bytes"] = Tensor.From(new byte[] { 0, 255 }),
            ["mask"] = Tensor.From([true, false, true]),
            ["nothing"] = Tensor.Zeros([0, 4]),
        };
        SafeTensors.Save(path, state, new Dictionary<string, string> { ["epoch"] = "5" });

        OrderedDictionary<string, Tensor> loaded = SafeTensors.Load(path);
        loaded.Keys.Order().ShouldBe(state.Keys.Order());
        foreach ((string name, Tensor tensor) in state)
        {
            (loaded[name].Shape, loaded[name].DType, loaded[name].RequiresGrad).ShouldBe((tensor.Shape, tensor.DType, false), name);
            loaded[name].ToArray<double>().ShouldBe(tensor.Detach().ToArray<double>(), name);
        }
        BitConverter.SingleToInt32Bits(loaded["fc1.weight"].ToArray<float>()[4]).ShouldBe(int.MinValue);
        using var reader = new SafeTensorsReader(path);
        reader.Metadata["epoch"].ShouldBe("5");
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("half.safetensors");
        SafeTensorsWriter.Write(path,
        [
            new("f16", "F16", [3], () => new byte[] { 0x00, 0x3c, 0x00, 0xc1, 0x01, 0x00 }),
            new("bf16", "BF16", [2], () => new byte[] { 0x80, 0x3f, 0x20, 0xc0 }),
        ]);
        OrderedDictionary<string, Tensor> loaded = SafeTensors.Load(path);
        loaded["f16"].ToArray<float>().ShouldBe([1f, -2.5f, 5.9604645E-08f]);
        loaded["bf16"].ToArray<float>().ShouldBe([1f, -2.5f]);
    }

    [Fact]
    public void Types_of_few_bits_are_widened()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("small.safetensors");
        SafeTensorsWriter.Write(path,
        [
            new("e4m3", "F8_E4M3", [8], () => new byte[] { 0x00, 0x01, 0x08, 0x38, 0x7e, 0x7f, 0xb8, 0x0f }),
            new("e5m2", "F8_E5M2", [5], () => new byte[] { 0x01, 0x3c, 0x7b, 0x7c, 0xc0 }),
            new("e8m0", "F8_E8M0", [3], () => new byte[] { 0, 127, 255 }),
            new("i8", "I8", [2], () => new byte[] { 0x80, 0x7f }),
            new("u16", "U16", [1], () => new byte[] { 0xff, 0xff }),
            new("u32", "U32", [1], () => new byte[] { 0xff, 0xff, 0xff, 0xff }),
        ]);
        OrderedDictionary<string, Tensor> loaded = SafeTensors.Load(path);
        // 2⁻⁹ is the smallest, 448 the largest.
        loaded["e4m3"].ToArray<float>().ShouldBe([0, 0.001953125f, 0.015625f, 1, 448, float.NaN, -1, 0.029296875f]);
        loaded["e5m2"].ToArray<float>().ShouldBe([1.52587890625e-05f, 1, 57344, float.PositiveInfinity, -2]);
        loaded["e8m0"].ToArray<float>().ShouldBe([5.877472e-39f, 1, float.NaN]);
        loaded["i8"].ToArray<int>().ShouldBe([-128, 127]);
        loaded["u16"].ToArray<int>().ShouldBe([65535]);
        loaded["u32"].ToArray<long>().ShouldBe([4294967295]);
    }

    [Fact]
    public void An_index_names_the_files_of_a_folder()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Save(
            folder.File("a.safetensors"), new Dictionary<string, Tensor> { ["x"] = Tensor.From([1f]), ["z"] = Tensor.From([3f]) });
        SafeTensors.Save(folder.File("b.safetensors"), new Dictionary<string, Tensor> { ["y"] = Tensor.From([2f]) });
        Index("""{"metadata":{"total_size":12},"weight_map":{"x":"a.safetensors","y":"b.safetensors","z":"a.safetensors"}}""")
            .Keys.ShouldBe(["x", "y", "z"]);
        Wrong("""{"weight_map":{"x":"b.safetensors"}}""").ShouldContain("there is no tensor 'x'");
        foreach (string name in (string[])["../a.safetensors", "/etc/passwd", "..", "", "c:a", "a\\\\b"])
            Wrong($$$"""{"weight_map":{"x":"{{{name}}}"}}""").ShouldContain("not the name of a file beside the index");
        string[] texts = ["", "[]", "{}", """{"weight_map":[]}""", """{"weight_map":{"x":1}}""", """{"weight_map":{"\ud800":"a"}}"""];
        foreach (string text in texts)
            Wrong(text);

        OrderedDictionary<string, Tensor> Index(string json)
        {
            File.WriteAllText(folder.File("model.safetensors.index.json"), json);
            return SafeTensors.Load(folder.File("model.safetensors.index.json"));
        }

        string Wrong(string json) => Should.Throw<DataFormatException>(() => Index(json)).Message;
    }

    [Fact]
    public void What_no_tensor_can_hold_is_an_error_with_its_name()
    {
        Fails(new("wide", "C64", [1], () => new byte[8])).ShouldContain("tensor 'wide' is C64");
        Fails(new("none", "F32", [0, 1 << 20, 1 << 20], () => Array.Empty<byte>())).ShouldContain("is too large");
        Fails(new("large", "U64", [1], () => Enumerable.Repeat((byte)255, 8).ToArray())).ShouldContain("larger than 9223372036854775807");
        Fails(new("mask", "BOOL", [3], () => new byte[] { 0, 1, 2 }))
            .ShouldContain("tensor 'mask' is BOOL, but element 2 is neither 0 nor 1");
        Fails(new("empty", "F32", [0, 1L << 40], () => Array.Empty<byte>()))
            .ShouldContain("tensor 'empty' of shape [0, 1099511627776] is too large");
    }

    [Fact]
    public void More_than_a_tensor_can_hold_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("large.safetensors");
        byte[] json = Encoding.UTF8.GetBytes("""{"w":{"dtype":"F32","shape":[536870912],"data_offsets":[0,2147483648]}}""");
        using (FileStream file = File.Create(path))
        {
            file.Write([.. BitConverter.GetBytes((long)json.Length), .. json]);
            file.SetLength(file.Position + (1L << 31));         // a hole, which takes no disk
        }
        Should.Throw<DataFormatException>(() => SafeTensors.Load(path)).Message
            .ShouldBe($"{path}, byte {8 + json.Length}: tensor 'w' of shape [536870912] is too large; at most 2 GiB can be loaded.");
    }

    [Fact]
    public void Dimensions_without_end_are_refused() =>
        Fails(new("w", "F32", [.. Enumerable.Repeat(1L, 65)], () => new byte[4])).ShouldContain("tensor 'w' has 65 dimensions; at most 64");

    [Fact]
    public void A_missing_file_is_not_a_damaged_one() =>
        Should.Throw<FileNotFoundException>(() => SafeTensors.Load("/nowhere.safetensors"));

    private static string Fails(SafeTensorsItem item)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("bad.safetensors");
        SafeTensorsWriter.Write(path, [item]);
        string message = Should.Throw<DataFormatException>(() => SafeTensors.Load(path)).Message;
        message.ShouldStartWith(path);
        return message;
    }
}
