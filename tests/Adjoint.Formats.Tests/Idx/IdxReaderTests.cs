using Adjoint.Data;
using Adjoint.Formats;

namespace Adjoint.Tests.Nn.Data;

public class IdxReaderTests
{
    private static readonly byte[] Plain = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60];

    [Fact]
    public void Reads_dimensions_and_elements()
    {
        IdxArray array = Read(Plain);
        array.Dims.ShouldBe([2, 3]);
        array.Data.ShouldBe([10, 20, 30, 40, 50, 60]);
    }

    [Fact]
    public void Reads_gzip_the_same() => Read(Packed.Gzip(Plain)).Data.ShouldBe(Read(Plain).Data);

    [Fact]
    public void Reads_an_empty_array() => Read([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 5]).Dims.ShouldBe([0, 5]);

    [Fact]
    public void Every_truncation_is_an_error_at_its_byte()
    {
        for (int length = 0; length < Plain.Length; length++)
            Fails(Plain[..length]).Offset.ShouldBe(length);
    }

    [Fact]
    public void Every_truncation_of_gzip_is_an_error()
    {
        byte[] packed = Packed.Gzip(Plain);
        for (int length = 0; length < packed.Length; length++) Fails(packed[..length]);
    }

    /// <summary>RFC 1952: a gzip file is one member or several, one after the other.</summary>
    [Fact]
    public void Gzip_of_several_members_is_read_however_they_are_cut()
    {
        for (int cut = 0; cut <= Plain.Length; cut++)
            for (int second = cut; second <= Plain.Length; second += 5)
                Read([.. Packed.Gzip(Plain[..cut]), .. Packed.Gzip(Plain[cut..second]), .. Packed.Gzip(Plain[second..])]).Data.ShouldBe(
                    [10, 20, 30, 40, 50, 60]);
    }

    [Fact]
    public void Every_truncation_of_several_members_is_an_error()
    {
        byte[] first = Packed.Gzip(Plain[..9]), packed = [.. first, .. Packed.Gzip(Plain[9..])];
        for (int length = 0; length < packed.Length; length++) Fails(packed[..length]);
        packed[first.Length - 6] ^= 1;
        Fails(packed).Message.ShouldContain("gzip data is damaged");
    }

    /// <summary>What follows the last member of the file could be taken for that byte.</summary>
    [Fact]
    public void Data_that_ends_with_any_byte_is_read_whole()
    {
        for (int last = 0; last < 256; last++) Read(Packed.Gzip([.. Plain[..^1], (byte)last])).Data[^1].ShouldBe((byte)last);
        for (int last = 0; last < 256; last++) Fails([.. Packed.Gzip([.. Plain[..^1], (byte)last]), 0]);
        for (int extra = 0; extra < 256; extra++) Fails(Packed.Gzip([.. Plain, (byte)extra])).Message.ShouldContain("goes on after");
        for (int last = 0; last < 256; last++) Fails(Packed.Gzip([.. Plain[..^2], (byte)last])).Message.ShouldContain("ends after 5 of the 6");
    }

    [Fact]
    public void A_wrong_check_sum_of_gzip_is_an_error()
    {
        byte[] packed = Packed.Gzip(Plain);
        packed[^6] ^= 1;
        Fails(packed).Message.ShouldContain("gzip data is damaged");
    }

    [Fact]
    public void Anything_after_the_end_of_gzip_is_an_error() =>
        Fails([.. Packed.Gzip(Plain), 1, 2, 3]).Message.ShouldContain("cut short, or something was added");

    [Theory]
    [InlineData(new byte[] { 1, 0, 8, 1, 0, 0, 0, 0 }, 0, "two zero bytes, but begins with 01 00")]
    [InlineData(new byte[] { 0, 0, 13, 1, 0, 0, 0, 0 }, 2, "type 0d")]
    [InlineData(new byte[] { 0, 0, 8, 0, 0, 0, 0, 0 }, 3, "no dimensions")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7, 7 }, 9, "goes on after the 1 bytes")]
    [InlineData(new byte[] { 0, 0, 8, 1, 255, 255, 255, 255 }, 4, "dimension 0 is 4294967295")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 1, 0, 0, 0, 1, 0, 0 }, 8, "65536×65536 elements")]
    public void A_wrong_file_is_an_error_that_names_it_and_the_byte(byte[] bytes, long offset, string problem)
    {
        DataFormatException error = Fails(bytes);
        error.File.ShouldBe("digits.idx");
        error.Offset.ShouldBe(offset);
        error.Message.ShouldStartWith($"digits.idx, byte {offset}: ");
        error.Message.ShouldContain(problem);
    }

    /// <summary>A header of twelve bytes may claim a gigabyte, or nothing at all 255 times; neither is allocated.</summary>
    [Fact]
    public void A_hostile_header_costs_no_memory()
    {
        byte[] gigabyte = [0, 0, 8, 1, 0x40, 0, 0, 0, 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fails(gigabyte).Message.ShouldContain("after 3 of the 1073741824 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
    }

    /// <summary>Even a packed file cannot hold more than 1032 times its length.</summary>
    [Fact]
    public void A_hostile_header_in_gzip_costs_no_memory()
    {
        byte[] packed = Packed.Gzip([0, 0, 8, 1, 0x40, 0, 0, 0, 1, 2, 3]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fails(packed).Message.ShouldContain("after 3 of the 1073741824 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
    }

    [Fact]
    public void Mutations_are_read_or_refused_but_nothing_else()
    {
        var random = new System.Random(1);
        byte[][] seeds = [Plain, Packed.Gzip(Plain)];
        for (int i = 0; i < 8_000; i++)
        {
            byte[] bytes = (byte[])seeds[i % 2].Clone();
            for (int k = random.Next(1, 4); k > 0; k--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                IdxArray array = Read(bytes);
                array.Data.Length.ShouldBe(array.Dims.Aggregate(1, (a, b) => a * b));
            }
            catch (DataFormatException) { }
        }
    }

    private static IdxArray Read(byte[] bytes) => IdxReader.Read(new MemoryStream(bytes), "digits.idx");

    private static DataFormatException Fails(byte[] bytes) => Should.Throw<DataFormatException>(() => Read(bytes));
}
