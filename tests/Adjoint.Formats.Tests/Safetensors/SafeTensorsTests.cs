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
    public void What_no_tensor_can_hold_is_an_error_with_its_name()
    {
        Fails(new("wide", "F8_E4M3", [1], () => new byte[1])).ShouldContain("tensor 'wide' is F8_E4M3");
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
