using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Adjoint.Formats;

namespace Adjoint.Tests.Formats;

/// <summary>Large files are read in pieces by several threads: every element comes to its place, and what is wrong is said of its byte.</summary>
public class PieceTests
{
    // Three pieces, the last of them not whole.
    private const int Count = (1 << 20) + 12_345;

    private static byte[] SafeTensorsOf(string dtype, byte[] data)
    {
        byte[] header = Encoding.UTF8.GetBytes($$$"""{"x":{"dtype":"{{{dtype}}}","shape":[{{{Count}}}],"data_offsets":[0,{{{data.Length}}}]}}""");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];
    }

    private static int HeaderOf(byte[] file) => 8 + BitConverter.ToInt32(file);

    [Fact]
    public void Elements_of_all_pieces_come_to_their_places()
    {
        using var folder = new TemporaryFolder();
        float[] numbers = [.. Enumerable.Range(0, Count).Select(i => i * 0.5f)];
        string path = folder.File("x.safetensors");
        File.WriteAllBytes(path, SafeTensorsOf("F32", MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray()));
        SafeTensors.Load(path)["x"].ToArray<float>().ShouldBe(numbers);

        ushort[] halves = [.. Enumerable.Range(0, Count).Select(i => (ushort)(i % 60_000))];
        File.WriteAllBytes(path, SafeTensorsOf("U16", MemoryMarshal.AsBytes(halves.AsSpan()).ToArray()));
        SafeTensors.Load(path)["x"].ToArray<int>().ShouldBe(halves.Select(x => (int)x));

        // As another machine writes them.
        double[] doubles = [.. Enumerable.Range(0, Count).Select(i => i / 3.0)];
        using (var own = new MemoryStream())
        {
            Npy.Save(own, Tensor.From(doubles));
            byte[] bytes = own.ToArray();
            int data = bytes.Length - Count * sizeof(double);
            bytes[Array.IndexOf(bytes, (byte)'<')] = (byte)'>';
            for (int i = data; i < bytes.Length; i += sizeof(double)) Array.Reverse(bytes, i, sizeof(double));
            File.WriteAllBytes(folder.File("x.npy"), bytes);
        }
        Npy.Load(folder.File("x.npy")).ToArray<double>().ShouldBe(doubles);
    }

    [Fact]
    public void What_is_wrong_in_a_later_piece_is_said_of_its_byte()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");
        byte[] flags = new byte[Count];
        flags[Count - 5] = 2;
        byte[] file = SafeTensorsOf("BOOL", flags);
        File.WriteAllBytes(path, file);
        DataFormatException error = Should.Throw<DataFormatException>(() => SafeTensors.Load(path));
        error.Offset.ShouldBe(HeaderOf(file) + Count - 5);
        error.Message.ShouldContain($"element {Count - 5} is neither 0 nor 1");

        ulong[] large = new ulong[Count];
        large[^1] = ulong.MaxValue;
        File.WriteAllBytes(path, SafeTensorsOf("U64", MemoryMarshal.AsBytes(large.AsSpan()).ToArray()));
        Should.Throw<DataFormatException>(() => SafeTensors.Load(path)).Message.ShouldContain("larger than 9223372036854775807");
    }

    [Fact]
    public void A_file_that_is_cut_short_while_it_is_open_is_one_clear_line()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");
        File.WriteAllBytes(path, SafeTensorsOf("F32", new byte[Count * 4]));
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new SafeTensorsReader(stream, "open");
        using (FileStream other = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) other.SetLength(Count * 3);
        Should.Throw<DataFormatException>(() => SafeTensors.Load(reader, "open")).Message.ShouldContain("cut short");
    }

    [Fact]
    public void Several_threads_may_ask_one_reader()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");
        SafeTensors.Save(path, Enumerable.Range(0, 32).Select(i => KeyValuePair.Create($"t{i}", Tensor.Full([1000 + i], i, DType.Float32))));
        using var reader = new SafeTensorsReader(path);
        Parallel.For(0, 320, i =>
        {
            SafeTensorsEntry entry = reader.Entries.Single(entry => entry.Name == $"t{i % 32}");
            float[] numbers = SafeTensors.Load(reader, entry, path).ToArray<float>();
            numbers.ShouldBe(Enumerable.Repeat((float)(i % 32), (int)entry.Shape[0]));
        });
    }

    [Theory]
    [InlineData(".npz", false)]
    [InlineData(".npz", true)]
    [InlineData(".pt", false)]
    public void A_flipped_bit_in_an_archive_is_found(string ending, bool packed)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x" + ending);
        Tensor x = Tensor.Arange(0, 3000).To(DType.Float32);
        var named = new Dictionary<string, Tensor> { ["x"] = x };
        if (packed) Npz.Save(path, named, compressed: true);
        else TensorFile.Save(path, named);
        TensorFile.Load(path)["x"].ElementsEqual(x).ShouldBeTrue();
        byte[] whole = File.ReadAllBytes(path);
        int found = 0;
        for (int at = whole.Length / 3; at < whole.Length / 2; at += 101)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 4;
            File.WriteAllBytes(path, damaged);
            string message = Should.Throw<DataFormatException>(() => TensorFile.Load(path), $"byte {at}").Message;
            if (message.Contains("check sum", StringComparison.Ordinal)) found++;
        }
        // What is packed may be no data at all after it.
        if (!packed) found.ShouldBePositive();
    }

    /// <summary>What we write has the sums that others look at, and what says that it has none is read.</summary>
    [Fact]
    public void An_archive_says_its_sums()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.pt");
        TensorFile.Save(path, new Dictionary<string, Tensor> { ["x"] = Tensor.Arange(0, 100).To(DType.Float32) });
        byte[] whole = File.ReadAllBytes(path);
        using (ZipArchive zip = ZipFile.OpenRead(path))
            foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => entry.Crc32 != 0))
            {
                using Stream stream = entry.Open();
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                uint crc = uint.MaxValue;
                foreach (byte one in bytes.ToArray())
                {
                    crc ^= one;
                    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
                }
                entry.Crc32.ShouldBe(~crc, entry.FullName);
                Replace(whole, BitConverter.GetBytes(entry.Crc32));
            }
        File.WriteAllBytes(path, whole);
        TensorFile.Load(path)["x"].NumEl.ShouldBe(100);

        static void Replace(byte[] bytes, byte[] what)
        {
            for (int at = bytes.AsSpan().IndexOf(what); at >= 0; at = bytes.AsSpan().IndexOf(what)) bytes.AsSpan(at, what.Length).Clear();
        }
    }
}
