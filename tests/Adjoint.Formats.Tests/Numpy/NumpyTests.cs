using System.IO.Compression;
using Adjoint.Formats;

namespace Adjoint.Tests.Formats;

public class NumpyTests
{
    private static readonly Dictionary<string, (DType DType, int[] Shape, double[] Elements)> s_arrays = new()
    {
        ["f4"] = (DType.Float32, [2, 2], [1.5, -0.0, double.PositiveInfinity, double.NaN]),
        ["f8"] = (DType.Float64, [], [2.5]),
        ["f2"] = (DType.Float32, [3], [1, -2.5, 5.9604644775390625E-08]),
        ["big"] = (DType.Float64, [2, 3], [1, 2, 3, 4, 5, 6]),
        ["big2"] = (DType.Int32, [2], [1, -2]),
        ["i1"] = (DType.Int32, [2], [-128, 127]),
        ["i4"] = (DType.Int32, [1, 1], [-7]),
        ["i8"] = (DType.Int64, [1], [4611686018427387904]),
        ["u1"] = (DType.UInt8, [2], [0, 255]),
        ["u2"] = (DType.Int32, [1], [65535]),
        ["u4"] = (DType.Int64, [1], [4294967295]),
        ["u8"] = (DType.Int64, [1], [9223372036854775807]),
        ["bool"] = (DType.Bool, [2], [1, 0]),
        ["fortran"] = (DType.Float64, [2, 3, 4], [.. Enumerable.Range(0, 24).Select(i => (double)i)]),
        ["empty"] = (DType.Float64, [0, 3], []),
    };

    [Fact]
    public void Every_type_and_order_that_NumPy_writes_is_read()
    {
        foreach (string name in s_arrays.Keys) Check(Npy.Load(WrittenFiles.PathOf($"{name}.npy")), name);
        Npy.Load(WrittenFiles.PathOf("version3.npy")).ToArray<double>().ShouldBe([1.0, 2.0]);
    }

    [Theory]
    [InlineData("arrays.npz")]
    [InlineData("arrays.packed.npz")]
    public void Archives_are_read_by_name(string file)
    {
        OrderedDictionary<string, Tensor> all = Npz.Load(WrittenFiles.PathOf(file));
        all.Keys.Order().ShouldBe(s_arrays.Keys.Order());
        foreach ((string name, Tensor x) in all) Check(x, name);
    }

    [Fact]
    public void What_is_written_is_what_NumPy_was_seen_to_read()
    {
        Tensor weight = Tensor.From([1.5f, -2, 0, 4], [2, 2]);
        OrderedDictionary<string, Tensor> state = new()
        {
            ["weight"] = weight,
            ["steps"] = Tensor.Scalar(3, DType.Int64),
            ["mask"] = Tensor.From([true, false]),
            ["big"] = Tensor.From([1e300]),
        };
        WrittenFiles.ShouldBeAsRead("written.npy", path => Npy.Save(path, weight.T));
        WrittenFiles.ShouldBeAsRead("written.npz", path => Npz.Save(path, state));
        WrittenFiles.ShouldBeAsRead("written.packed.npz", path => Npz.Save(path, state, compressed: true));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            Tensor[] all = [Tensor.Arange(6).Reshape(2, 3), Tensor.Zeros([0, 2]), Tensor.Scalar(1), Tensor.Ones([1, 4]).Expand(3, 4)];
            foreach (Tensor x in all)
            {
                Npy.Save(folder.File("x.npy"), x.To(dtype));
                Tensor back = Npy.Load(folder.File("x.npy"));
                (back.DType, back.Shape).ShouldBe((dtype, x.Shape));
                back.ToArray<double>().ShouldBe(x.To(dtype).ToArray<double>());
            }
        }
    }

    [Theory]
    [InlineData("fields.npy", "has fields or no type")]
    [InlineData("complex.npy", "has elements of type '<c16'")]
    [InlineData("tensors.pt", "begins with the bytes 93 'NUMPY'")]
    public void What_no_tensor_holds_is_refused_in_words(string file, string words) =>
        Should.Throw<DataFormatException>(() => Npy.Load(WrittenFiles.PathOf(file))).Message.ShouldContain(words);

    [Fact]
    public void A_file_cut_short_or_too_long_anywhere_is_an_error()
    {
        byte[] whole = File.ReadAllBytes(WrittenFiles.PathOf("fortran.npy"));
        for (int length = 0; length < whole.Length; length++)
            Should.Throw<DataFormatException>(() => Npy.Load(new MemoryStream(whole[..length]), "cut"));
        Should.Throw<DataFormatException>(() => Npy.Load(new MemoryStream([.. whole, 0]), "long")).Message.ShouldContain("goes on");
    }

    [Fact]
    public void Any_damage_is_an_error_or_another_array()
    {
        byte[] whole = File.ReadAllBytes(WrittenFiles.PathOf("i4.npy"));
        var random = new Random(5);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. whole];
            for (int k = random.Next(1, 4); k > 0; k--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Npy.Load(new MemoryStream(damaged), "damaged").NumEl.ShouldBeLessThan(1000);
            }
            catch (DataFormatException)
            {
            }
        }
    }

    [Theory]
    [InlineData("(99999999999,)", "is too large")]
    [InlineData("(1000, 1000, 1000, 1000)", "is too large")]
    [InlineData("(-1,)", "'shape' (sizes)")]
    [InlineData("(100000000,)", "it was cut short")]
    [InlineData("(True,)", "'shape' (sizes)")]
    [InlineData("((((((((((((((((((((((1,),),),),),),),),),),),),),),),),),),),),),)", "fewer brackets")]
    public void A_header_that_lies_takes_no_memory(string shape, string words)
    {
        string text = $"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n";
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(text), 0, 0, 0, 0];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<DataFormatException>(() => Npy.Load(new MemoryStream(file), "lies")).Message.ShouldContain(words);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void An_archive_that_lies_takes_no_memory()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("x.npy").Open();
            entry.Write(NpyHeader.Of(DType.Float64, [1 << 26]));
        }
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("lies.npz"), stream.ToArray());
        Should.Throw<DataFormatException>(() => Npz.Load(folder.File("lies.npz"))).Message.ShouldContain("it was cut short");
        File.WriteAllText(folder.File("text.npz"), "no archive");
        Should.Throw<DataFormatException>(() => Npz.Load(folder.File("text.npz"))).Message.ShouldContain("not a zip archive");
    }

    private static void Check(Tensor x, string name)
    {
        (DType dtype, int[] shape, double[] elements) = s_arrays[name];
        (x.DType, x.Shape).ShouldBe((dtype, Shape.Of(shape)), name);
        x.ToArray<double>().ShouldBe(elements, name);
    }
}
