using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Adjoint.Formats;

namespace Adjoint.Tests.Formats;

/// <summary>
/// Files of every format, damaged at random: cut short, bits flipped, lengths made huge, parts moved and repeated. Each is loaded, perhaps with
/// other numbers, or is one clear line; and what it takes is bounded. <c>ADJOINT_FUZZ=20000@7</c>: so many of each, of another seed.
/// </summary>
public class FuzzTests
{
    // Of a file of some kilobytes, whatever it claims: what is packed may be a thousand times as long.
    private const long MostManaged = 32 << 20, MostNative = 64 << 20;

    private static readonly string[] s_written =
    [
        "tensors.pt", "tensors.legacy.pth", "checkpoint.pt", "checkpoint.legacy.pth", "state.pth", "arrays.npz", "arrays.packed.npz", "f4.npy",
        "fortran.npy", "f2.npy", "version3.npy", "tiny.gguf", "torchsharp.dat", "module.pt", "script.pt",
    ];

    public static TheoryData<string> Files => [.. s_written, "own.safetensors", "own.safetensors.index.json"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_damaged_file_is_loaded_or_one_clear_line(string name)
    {
        string[] wanted = (Environment.GetEnvironmentVariable("ADJOINT_FUZZ") ?? "400").Split('@');
        int count = int.Parse(wanted[0], CultureInfo.InvariantCulture), seed = wanted.Length > 1 ? int.Parse(wanted[1], CultureInfo.InvariantCulture) : 18;
        var random = new Random(seed + name.Length);
        using var folder = new TemporaryFolder();
        string path = folder.File(name);
        byte[] whole = Whole(folder, name);
        for (int trial = 0; trial < count; trial++)
        {
            byte[] damaged = Damaged(whole, random, trial % 6);
            File.WriteAllBytes(path, damaged);
            Cpu.Memory.ResetPeak();
            long before = GC.GetAllocatedBytesForCurrentThread(), native = Cpu.Memory.InUse, begun = Stopwatch.GetTimestamp();
            string place = $"{name}, trial {trial} of seed {seed}";
            try
            {
                TensorFile.Load(path);
                TensorFormat.Of(path).List(path);
            }
            catch (DataFormatException e)
            {
                e.Message.ShouldNotContain("\n", Case.Sensitive, place);
                e.Message.ShouldContain(name, Case.Sensitive, place);
            }
            catch (IOException e) when (name.EndsWith(".json", StringComparison.Ordinal))
            {
                // The file that an index names is not there.
                e.Message.ShouldNotContain("\n", Case.Sensitive, place);
            }
            catch (Exception e) when (e is not DataFormatException)
            {
                throw new InvalidOperationException($"{place}: {e.GetType().Name}", e);
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostManaged, place);
            (Cpu.Memory.Peak - native).ShouldBeLessThan(MostNative, place);
            Stopwatch.GetElapsedTime(begun).TotalSeconds.ShouldBeLessThan(20, place);
        }
    }

    private static byte[] Whole(TemporaryFolder folder, string name)
    {
        if (!name.StartsWith("own.", StringComparison.Ordinal)) return File.ReadAllBytes(WrittenFiles.PathOf(name));
        var tensors = new Dictionary<string, Tensor>
        {
            ["a.weight"] = Tensor.Arange(0, 24).To(DType.Float32).Reshape(4, 6),
            ["b"] = Tensor.From([1L, 2, 3]),
            ["flags"] = Tensor.From([true, false]),
        };
        string shard = folder.File(name == "own.safetensors" ? name : "shard.safetensors");
        SafeTensors.Save(shard, tensors, new Dictionary<string, string> { ["title"] = "x" });
        if (name == "own.safetensors") return File.ReadAllBytes(shard);
        return """
            {"metadata": {"total_size": 122}, "weight_map": {"a.weight": "shard.safetensors", "b": "shard.safetensors", "flags": "shard.safetensors"}}
            """u8.ToArray();
    }

    private static byte[] Damaged(byte[] whole, Random random, int kind)
    {
        byte[] damaged = [.. whole];
        // What says what follows stands in the beginning, and in an archive at the end.
        int Place() => random.Next(3) switch
        {
            0 => random.Next(Math.Min(200, whole.Length)),
            1 => whole.Length - 1 - random.Next(Math.Min(400, whole.Length)),
            _ => random.Next(whole.Length),
        };
        switch (kind)
        {
            case 0: return damaged[..random.Next(whole.Length)];
            case 1:
                for (int k = random.Next(1, 5); k > 0; k--) damaged[Place()] ^= (byte)(1 << random.Next(8));
                return damaged;
            case 2:
                for (int k = random.Next(1, 4); k > 0; k--) damaged[Place()] = (byte)random.Next(256);
                return damaged;
            case 3:     // a length
                int at = Place();
                byte[][] huge = [[0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x40], [0xff, 0xff], [0, 0, 0, 0]];
                byte[] number = huge[random.Next(huge.Length)];
                number.AsSpan(0, Math.Min(number.Length, damaged.Length - at)).CopyTo(damaged.AsSpan(at));
                return damaged;
            case 4:     // digits of a text
                for (int i = Place(), changed = 0; i < damaged.Length && changed < 8; i++)
                    if (char.IsAsciiDigit((char)damaged[i]))
                    {
                        damaged[i] = (byte)('0' + random.Next(10));
                        changed++;
                    }
                return damaged;
            default:
                int from = random.Next(whole.Length), length = random.Next(Math.Min(300, whole.Length - from)), to = random.Next(whole.Length);
                return [.. damaged[..to], .. damaged[from..(from + length)], .. damaged[to..]];
        }
    }

    /// <summary>Names of entries that lead elsewhere, twice the same, a folder for a file: nothing is written, whatever they say.</summary>
    [Theory]
    [InlineData("../../evil/data.pkl")]
    [InlineData("/etc/data.pkl")]
    [InlineData("C:\\evil\\data.pkl")]
    [InlineData("archive//data.pkl")]
    [InlineData("data.pkl/")]
    public void Names_in_an_archive_lead_nowhere(string name)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("in"));
        string path = Path.Combine(folder.File("in"), "evil.pt");
        using (ZipArchive source = ZipFile.OpenRead(WrittenFiles.PathOf("tensors.pt")))
        using (ZipArchive target = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                string inner = entry.FullName[(entry.FullName.IndexOf('/', StringComparison.Ordinal) + 1)..];
                using Stream from = entry.Open(), to = target.CreateEntry(name.Replace("data.pkl", inner, StringComparison.Ordinal)).Open();
                from.CopyTo(to);
            }
        }
        string[] before = [.. Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order()];
        try
        {
            TensorFile.Load(path);
        }
        catch (DataFormatException e)
        {
            e.Message.ShouldNotContain("\n");
        }
        Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order().ShouldBe(before);
    }

    [Theory]
    [InlineData("](", "e")]         // lists in lists
    [InlineData("}(K\u0000", "u")]  // dictionaries in dictionaries
    [InlineData("(", "t")]          // tuples in tuples
    public void Objects_a_million_deep_are_one_clear_line(string open, string close)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("deep.pt");
        const int Depth = 1_000_000;
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        using (Stream entry = archive.CreateEntry("archive/data.pkl").Open())
        {
            entry.Write([0x80, 2]);
            for (int i = 0; i < Depth; i++) entry.Write(System.Text.Encoding.Latin1.GetBytes(open));
            entry.Write("N"u8);
            for (int i = 0; i < Depth; i++) entry.Write(System.Text.Encoding.Latin1.GetBytes(close));
            entry.Write("."u8);
        }
        long begun = Stopwatch.GetTimestamp();
        Should.Throw<DataFormatException>(() => TensorFile.Load(path)).Message.ShouldNotContain("\n");
        Stopwatch.GetElapsedTime(begun).TotalSeconds.ShouldBeLessThan(20);
    }
}
