using System.Buffers.Binary;
using System.Text;

namespace Adjoint.Tests.Nn;

using Adjoint.Nn;
using Adjoint.Training;

/// <summary>Files of events, read again by a reader of records and of protocol buffers that knows nothing of the writer.</summary>
public class SummaryWriterTests
{
    [Fact]
    public void Sums_are_CRC_32C()
    {
        EventRecords.Crc("123456789"u8).ShouldBe(0xe3069283u);        // the check value of the catalogue of CRCs
        EventRecords.Crc(new byte[32]).ShouldBe(0x8a9136aau);          // RFC 3720, B.4
        EventRecords.Crc(Enumerable.Repeat((byte)0xff, 32).ToArray()).ShouldBe(0x62a8ab43u);
    }

    [Fact]
    public void Numbers_histograms_images_and_texts_are_in_the_file()
    {
        using var folder = new TemporaryFolder();
        string path;
        using (var board = new SummaryWriter(folder.Path, ".test"))
        {
            path = board.Path;
            board.AddScalar("loss/train", 0.25, step: 7);
            board.AddHistogram("w", Tensor.From([-1.0, 0.5, 0.5, 2, 0]), step: 300);
            board.AddImage("x", Tensor.From(new byte[] { 0, 255, 10, 20, 30, 40 }).Reshape(3, 1, 2), step: 1);
            board.AddText("note", "hé", step: 2);
            board.Flush();
            Events(path).Count.ShouldBe(5);      // a reader does not wait for the end
        }
        Path.GetFileName(path).ShouldStartWith("events.out.tfevents.");
        path.ShouldEndWith(".test");
        List<Dictionary<int, List<object>>> events = [.. Events(path).Select(Message)];
        Text(events[0][3][0]).ShouldBe("brain.Event:2");
        Math.Abs((double)events[0][1][0] - DateTimeOffset.UtcNow.ToUnixTimeSeconds()).ShouldBeLessThan(60);

        var scalar = Value(events[1]);
        events[1][2][0].ShouldBe(7UL);
        (Text(scalar[1][0]), scalar[2][0]).ShouldBe(("loss/train", 0.25f));

        events[2][2][0].ShouldBe(300UL);
        Dictionary<int, List<object>> histogram = Message((byte[])Value(events[2])[5][0]);
        new[] { 1, 2, 3, 4, 5 }.Select(f => (double)histogram[f][0]).ShouldBe([-1, 2, 5, 2, 5.5]);
        double[] limits = Doubles(histogram[6][0]), counts = Doubles(histogram[7][0]);
        limits.Length.ShouldBe(counts.Length);
        limits.ShouldBe(limits.Order());
        counts[0].ShouldBe(0);
        counts.Sum().ShouldBe(5);
        foreach ((double value, int times) in new[] { (-1.0, 1), (0.5, 2), (2.0, 1), (0.0, 1) })
        {
            int bucket = Enumerable.Range(1, limits.Length - 1).Single(i => limits[i - 1] <= value && value < limits[i]);
            counts[bucket].ShouldBe(times);
        }

        Dictionary<int, List<object>> image = Message((byte[])Value(events[3])[4][0]);
        new[] { 1, 2, 3 }.Select(f => (ulong)image[f][0]).ShouldBe([1UL, 2, 3]);
        ((byte[])image[4][0])[..4].ShouldBe(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' });

        Dictionary<int, List<object>> text = Value(events[4]);
        Text(Message((byte[])text[8][0])[8][0]).ShouldBe("hé");
        Text(Message((byte[])Message((byte[])text[9][0])[1][0])[1][0]).ShouldBe("text");
    }

    [Fact]
    public void A_recorded_graph_is_in_the_file()
    {
        using var folder = new TemporaryFolder();
        using var board = new SummaryWriter(folder.Path);
        var net = new Sequential(("fc1", new Linear(2, 3)), ("act", new Tanh()), ("fc2", new Linear(3, 1)));
        board.AddGraph(net.Call(Tensor.Ones(4, 2)).Sum(), net);
        board.Flush();
        Dictionary<int, List<object>> graph = Message((byte[])Message(Events(board.Path)[1])[4][0]);
        List<Dictionary<int, List<object>>> nodes = [.. graph[1].Select(node => Message((byte[])node))];
        HashSet<string> names = [.. nodes.Select(node => Text(node[1][0]))];
        names.Count.ShouldBe(nodes.Count);
        names.ShouldContain(name => name.StartsWith("fc1/weight"));
        names.ShouldContain(name => name.StartsWith("TanhBackward0"));
        nodes.SelectMany(node => node.GetValueOrDefault(3, [])).Select(Text).ShouldBeSubsetOf(names);
        nodes.Count(node => Text(node[2][0]) == "AccumulateGrad").ShouldBe(4);
        // The result is used by nothing, and everything else by something.
        names.Except(nodes.SelectMany(node => node.GetValueOrDefault(3, [])).Select(Text)).Single().ShouldStartWith("SumBackward0");
        Should.Throw<AutogradException>(() => board.AddGraph(Tensor.Ones(2)));
    }

    [Fact]
    public void A_training_can_be_watched()
    {
        using var folder = new TemporaryFolder();
        using var board = new SummaryWriter(folder.File("deep/run"));
        board.Watch(new StepDone(1, 0, 1, 16, 2));
        board.Watch(new EpochDone(1, 1.5, new Dictionary<string, double> { ["accuracy"] = 0.5 },
            new EvaluationResult(1.25, new Dictionary<string, double> { ["accuracy"] = 0.75 }, 8), 16, 1));
        board.Flush();
        Events(board.Path).Skip(1).Select(e => Value(Message(e))).Select(v => $"{Text(v[1][0])} {v[2][0]}").ShouldBe(
            ["loss/batch 2", "loss/train 1.5", "accuracy/train 0.5", "loss/validation 1.25", "accuracy/validation 0.75"]);
    }

    [Fact]
    public void What_cannot_be_shown_is_an_error()
    {
        using var folder = new TemporaryFolder();
        using var board = new SummaryWriter(folder.Path);
        Should.Throw<ArgumentException>(() => board.AddHistogram("w", Tensor.From([1, double.NaN]), 0)).Message.ShouldContain("value 1");
        Should.Throw<ArgumentException>(() => board.AddHistogram("w", Tensor.Zeros(0), 0)).ParamName.ShouldBe("values");
        Should.Throw<ShapeException>(() => board.AddImage("x", Tensor.Ones(2, 4, 4), 0));
        Should.Throw<DTypeException>(() => board.AddImage("x", Tensor.Ones([1, 4, 4], DType.Int64), 0));
        board.Dispose();
        Should.Throw<ObjectDisposedException>(() => board.AddScalar("x", 1, 1));
    }

    private static List<byte[]> Events(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var events = new List<byte[]>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)).ShouldBe(Masked(bytes.AsSpan(at, 8)));
            byte[] data = bytes[(at + 12)..(at + 12 + length)];
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)).ShouldBe(Masked(data));
            events.Add(data);
            at += 16 + length;
        }
        return events;
    }

    // Bit by bit.
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int i = 0; i < 8; i++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
        }
        crc = ~crc;
        return (crc >> 15 | crc << 17) + 0xa282ead8;
    }

    private static Dictionary<int, List<object>> Value(Dictionary<int, List<object>> e) => Message((byte[])Message((byte[])e[5][0])[1][0]);

    private static string Text(object bytes) => Encoding.UTF8.GetString((byte[])bytes);

    private static double[] Doubles(object bytes) => [.. ((byte[])bytes).Chunk(8).Select(b => BitConverter.ToDouble(b))];

    private static Dictionary<int, List<object>> Message(byte[] bytes)
    {
        var fields = new Dictionary<int, List<object>>();
        int at = 0;
        while (at < bytes.Length)
        {
            ulong key = Varint();
            object value;
            switch (key & 7)
            {
                case 0: value = Varint(); break;
                case 1: value = BitConverter.ToDouble(bytes, at); at += 8; break;
                case 5: value = BitConverter.ToSingle(bytes, at); at += 4; break;
                case 2: int length = (int)Varint(); value = bytes[at..(at + length)]; at += length; break;
                default: throw new InvalidDataException($"kind {key & 7}");
            }
            int field = (int)(key >> 3);
            if (!fields.TryGetValue(field, out List<object>? values)) fields[field] = values = [];
            values.Add(value);
        }
        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte one = bytes[at++];
                value |= (ulong)(one & 0x7f) << shift;
                if (one < 0x80) return value;
            }
        }
    }
}
