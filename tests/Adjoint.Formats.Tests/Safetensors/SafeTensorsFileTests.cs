using System.Buffers.Binary;
using System.Text;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Tests.Nn.Checkpoints;

public class SafeTensorsFileTests
{
    private static readonly SafeTensorsItem[] Items =
    [
        Item("flags", "BOOL", [3], [1, 0, 1]),
        Item("fc1.weight", "F32", [2, 2], [.. Enumerable.Range(0, 16).Select(i => (byte)i)]),
        Item("step", "I64", [], [7, 0, 0, 0, 0, 0, 0, 0]),
        Item("none", "F64", [0, 5], []),
    ];

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        SafeTensorsWriter.Write(path, Items, new Dictionary<string, string> { ["note"] = "näive \"quotes\"" });
        using var reader = new SafeTensorsReader(path);
        reader.Metadata["note"].ShouldBe("näive \"quotes\"");
        reader.Entries.Count.ShouldBe(Items.Length);
        foreach (SafeTensorsItem item in Items)
        {
            SafeTensorsEntry entry = reader.Entries.Single(e => e.Name == item.Name);
            (entry.DType, entry.Shape.SequenceEqual(item.Shape)).ShouldBe((item.DType, true));
            byte[] data = new byte[entry.Length];
            reader.Read(entry, data);
            data.ShouldBe(item.Data().ToArray());
        }
    }

    [Fact]
    public void Data_is_aligned_and_begins_at_a_multiple_of_eight()
    {
        byte[] file = Write(Items);
        (BinaryPrimitives.ReadInt64LittleEndian(file) % 8).ShouldBe(0);
        foreach (SafeTensorsEntry entry in Read(file).Entries)
            (entry.Offset % SafeTensorsEntry.ElementSize(entry.DType)).ShouldBe(0, entry.Name);
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        byte[] file = Write([Item("w", "U8", [2], [5, 6])]);
        Encoding.UTF8.GetString(file).ShouldBe("8\0\0\0\0\0\0\0" + """{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""" + "   \u0005\u0006");
    }

    [Theory]
    [InlineData("""[]""", 8, "must begin with '{'")]
    [InlineData("""{"a":1}""", 13, "tensor 'a' must be a JSON object, but is a number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 39, "tensor 'a' has no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 28, "has 'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", -1, "unknown dtype 'F31'")]
    [InlineData("""{"__metadata__":null,"__metadata__":null}""", -1, "is there twice")]
    [InlineData("""{"__metadata__":[]}""", -1, "__metadata__ must be a JSON object, but is an array")]
    [InlineData("""{"a":null}""", -1, "tensor 'a' must be a JSON object, but is a null")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", -1, "whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", -1, "whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,3],"data_offsets":[0,4]}}""", -1, "more bytes than can be counted")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", -1, "has 8 bytes, but its data_offsets [0, 4] enclose 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", -1, "begin and end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", -1, "begin and end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", -1, "'a' is there twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", -1, "has 'k' twice")]
    [InlineData("""{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", -1, "member 'k' must be a JSON string")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", -1, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[1]]]]],"data_offsets":[0,4]}}""", -1, "whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} {}""", -1, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", -1, "'b' begins at 1, inside that of the tensor before it")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", -1, "nothing owns the data from 1 to 2")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", -1, "nothing owns the last 1 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}""", -1, "cut short")]
    public void A_wrong_header_is_an_error_that_names_the_file_and_the_byte(string json, long offset, string problem)
    {
        var error = Should.Throw<DataFormatException>(() => Read(Compose(json, [1, 2, 3, 4])));
        error.Message.ShouldStartWith($"model.safetensors, byte {error.Offset}: ");
        error.Message.ShouldContain(problem);
        if (offset >= 0) error.Offset.ShouldBe(offset);
    }

    /// <summary>What the reference implementation passes over.</summary>
    [Theory]
    [InlineData("""{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""")]
    [InlineData("""{"a":{"x":{"y":[[[[[[[{"z":null}]]]]]]]},"dtype":"F32","y":[],"shape":[1],"z":null,"data_offsets":[0,4]}}""")]
    [InlineData(""" {"a":{"shape":[1],"data_offsets":[0,4],"dtype":"F32"}}      """)]
    [InlineData("\n\t{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}\n")]
    [InlineData("""{"b":{"dtype":"I64","shape":[0],"data_offsets":[4,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""")]
    [InlineData("""{"b":{"dtype":"F8_E8M0","shape":[2,0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""")]
    public void What_the_reference_reads_is_read(string json)
    {
        SafeTensorsReader reader = Read(Compose(json, [1, 2, 3, 4]));
        byte[] data = new byte[4];
        reader.Read(reader.Entries.Single(entry => entry.Name == "a"), data);
        data.ShouldBe([1, 2, 3, 4]);
        reader.Metadata.ShouldBeEmpty();
    }

    /// <summary>Every dtype with every further member in every place, and every kind of metadata.</summary>
    [Fact]
    public void Further_members_of_any_kind_are_passed_over_in_any_place()
    {
        string[] more =
            ["", "\"x\":1", "\"x\":null", "\"x\":[]", "\"x\":{}", "\"x\":\"dtype\"", "\"x\":{\"dtype\":\"F64\",\"shape\":[9]}", "\"\":true",
                "\"DTYPE\":-1.5e3", "\"x\":[[[\"shape\"]]]"];
        string[] metadata =
            ["", "\"__metadata__\":null", "\"__metadata__\":{}", "\"__metadata__\":{\"a\":\"b\"}", "\"__metadata__\":{\"dtype\":\"\"}"];
        (string DType, int Size)[] dtypes =
            [("F32", 4), ("F64", 8), ("F16", 2), ("BF16", 2), ("I64", 8), ("I32", 4), ("U8", 1), ("BOOL", 1)];
        foreach ((string dtype, int size) in dtypes)
            foreach (string extra in more)
                foreach (string about in metadata)
                    for (int place = 0; place < 4; place++)
                        foreach (bool first in (bool[])[true, false])
                        {
                            List<string> members = [$"\"dtype\":\"{dtype}\"", "\"shape\":[1]", $"\"data_offsets\":[0,{size}]"];
                            if (extra.Length > 0) members.Insert(place, extra);
                            string tensor = $"\"a\":{{{string.Join(',', members)}}}";
                            string json = $"{{{string.Join(',', ((string[])(first ? [about, tensor] : [tensor, about])).Where(part => part.Length > 0))}}}";
                            byte[] stored = [.. Enumerable.Range(0, size).Select(i => (byte)(i == 0 ? 1 : 0))], data = new byte[size];
                            SafeTensorsReader reader = Read(Compose(json, stored));
                            reader.Read(reader.Entries.Single(), data);
                            data.ShouldBe(stored, json);
                            reader.Metadata.Count.ShouldBe(about.Count(c => c == ':') > 1 ? 1 : 0, json);
                        }
    }

    [Theory]
    [InlineData(100_000_001, "at most 100000000 are read")]
    [InlineData(-1, "18446744073709551615")]
    [InlineData(99_000_000, "has only 2 more")]
    public void A_header_is_not_believed_longer_than_the_file(long length, string problem)
    {
        byte[] file = [.. BitConverter.GetBytes(length), (byte)'{', (byte)'}'];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<DataFormatException>(() => Read(file)).Message.ShouldContain(problem);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Invalid_UTF8_in_a_name_is_an_error()
    {
        byte[] file = Write([Item("wx", "U8", [1], [1])]);
        file[10] = 0xff;
        Should.Throw<DataFormatException>(() => Read(file)).Message.ShouldContain("not valid JSON");
    }

    [Fact]
    public void Every_truncation_is_an_error()
    {
        byte[] file = Write(Items);
        for (int length = 0; length < file.Length; length++) Should.Throw<DataFormatException>(() => Read(file[..length]));
    }

    [Fact]
    public void An_empty_file_of_tensors_is_fine() => Read(Write([])).Entries.ShouldBeEmpty();

    [Fact]
    public void Mutations_are_read_or_refused_but_nothing_else()
    {
        var random = new System.Random(2);
        byte[] seed = Write(Items);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] file = (byte[])seed.Clone();
            for (int k = random.Next(1, 5); k > 0; k--)
            {
                // Digits, brackets and quotes in the place of others get further into the reader than arbitrary bytes.
                int at = random.Next(file.Length), from = random.Next(file.Length);
                file[at] = random.Next(3) == 0 ? (byte)random.Next(256) : file[from];
            }
            if (random.Next(8) == 0) file = file[..random.Next(file.Length)];
            try
            {
                using SafeTensorsReader reader = Read(file);
                foreach (SafeTensorsEntry entry in reader.Entries) reader.Read(entry, new byte[entry.Length]);
            }
            catch (DataFormatException) { }
        }
    }

    [Fact]
    public void What_could_not_be_read_back_is_not_written()
    {
        Should.Throw<ArgumentException>(() => Write([Item("a", "U8", [1], [1]), Item("a", "U8", [1], [1])])).Message.ShouldContain(
            "'a' is taken");
        Should.Throw<ArgumentException>(() => Write([Item("__metadata__", "U8", [1], [1])])).Message.ShouldContain("is taken");
        Should.Throw<ArgumentException>(() => Write([Item("a", "F99", [1], [1])])).Message.ShouldContain("does not know");
        Should.Throw<ArgumentException>(() => Write([Item("a", "F32", [-1], [])])).Message.ShouldContain("negative or too large");
        Should.Throw<ArgumentException>(() => Write([Item("a", "F32", [2], [1])])).Message.ShouldContain("has 8 bytes, but its data has 1");
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        SafeTensorsWriter.Write(path, Items);
        byte[] before = File.ReadAllBytes(path);
        Should.Throw<ArgumentException>(() => SafeTensorsWriter.Write(path, [Item("a", "F32", [2], [1])]));
        File.ReadAllBytes(path).ShouldBe(before);
        Directory.GetFiles(folder.Path).Length.ShouldBe(1);
    }

    private static SafeTensorsItem Item(string name, string dtype, long[] shape, byte[] data) => new(name, dtype, shape, () => data);

    private static byte[] Write(SafeTensorsItem[] items)
    {
        using var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, items);
        return stream.ToArray();
    }

    private static byte[] Compose(string json, byte[] data) =>
        [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(json)), .. Encoding.UTF8.GetBytes(json), .. data];

    private static SafeTensorsReader Read(byte[] file) => new(new MemoryStream(file), "model.safetensors");
}
