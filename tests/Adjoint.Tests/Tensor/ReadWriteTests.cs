using Adjoint.Kernels;

namespace Adjoint.Tests.Tensors;

/// <summary>Callbacks that get the elements, and copies in and out.</summary>
public class ReadWriteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5000)]
    public void What_is_written_is_the_tensors_and_counts_as_one_change(int size)
    {
        Tensor x = Tensor.Zeros(size), view = x.View(size, 1);
        int version = x.Version;
        x.Write<float>(elements => elements.Fill(2));
        view.Sum().Item().ShouldBe(2 * size);
        x.Version.ShouldBe(version + 1);
        x.Write<float, float>(3f, static (elements, value) => elements.Fill(value));
        x.Read((ReadOnlySpan<float> elements) => elements.Length).ShouldBe(size);
        double sum = 0;
        view.Read<float>(elements =>
        {
            foreach (float element in elements) sum += element;
        });
        sum.ShouldBe(3 * size);
    }

    [Fact]
    public void A_change_by_Write_is_seen_by_who_saved_the_tensor()
    {
        Tensor x = Tensor.Full([3], 2.0, DType.Float64, requiresGrad: true), w = Tensor.Ones([3], DType.Float64), y = (x * w).Sum();
        w.Write<double>(elements => elements[0] = 5);
        Should.Throw<VersionException>(() => y.Backward());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5000)]
    public void A_callback_may_do_anything_with_the_tensor(int size)
    {
        Tensor x = Tensor.Zeros(size);
        x.Write<float>(outer =>
        {
            outer.Fill(1);
            x.Write<float>(inner => inner[0] += 1);
            outer[0].ShouldBe(2);
            x.AsSpan<float>()[0] += 1;
            x.AddInPlace(1f);
            outer[0].ShouldBe(4);
            x.Read((ReadOnlySpan<float> now) => now[0]).ShouldBe(4);
            x.Detach().Dispose();
            outer.Fill(6);
            Tensor other = Tensor.Zeros(size);
            other.Sum().Item().ShouldBe(0);
            outer.IndexOfAnyExcept(6f).ShouldBe(-1);
        });
        Should.Throw<ObjectDisposedException>(() => x.Sum().Item());
    }

    [Fact]
    public void A_tensor_disposed_of_while_it_is_read_keeps_its_memory_to_the_end()
    {
        Tensor x = Tensor.Full([5000], 7f);
        x.Read<float>(elements =>
        {
            x.Dispose();
            Tensor other = Tensor.Full([5000], 5f);
            elements.IndexOfAnyExcept(7f).ShouldBe(-1);
            GC.KeepAlive(other);
        });
    }

    [Fact]
    public void A_tensor_whose_dtype_changes_while_it_is_read_keeps_its_memory_to_the_end()
    {
        Tensor x = Tensor.Full([5000], 7f);
        x.Read<float>(elements =>
        {
            x.ReplaceData(x.To(DType.Float64));
            GC.Collect();
            BlockPool.Reclaim();
            Tensor other = Tensor.Full([5000], 5f);
            elements.IndexOfAnyExcept(7f).ShouldBe(-1);
            GC.KeepAlive(other);
        });
    }

    [Fact]
    public void An_exception_in_the_middle_leaves_what_was_written_and_the_tensor_usable()
    {
        Tensor x = Tensor.Zeros(5000);
        int version = x.Version;
        Should.Throw<InvalidOperationException>(() => x.Write<float>(elements =>
        {
            elements[0] = 1;
            throw new InvalidOperationException();
        }));
        x.Sum().Item().ShouldBe(1);
        x.Version.ShouldBe(version + 1);
        x.Dispose();
        Should.Throw<ObjectDisposedException>(() => x.Read<float>(_ => { }));
        Should.Throw<ObjectDisposedException>(() => x.AsSpan<float>().Length);
    }

    [Fact]
    public void Memory_that_was_read_and_written_stays_in_the_pool()
    {
        Tensor x = Tensor.Zeros(76_543);
        x.Write<float>(elements => elements.Fill(1));
        x.Read<float>(_ => { });
        x.CopyFrom<float>(new float[76_543]);
        Lease lease = x.Lease!;
        lease.IsLent.ShouldBeTrue();
        x.Dispose();
        lease.IsLent.ShouldBeFalse();
        lease.IsGone.ShouldBeFalse();
    }

    [Fact]
    public void Copies_go_in_and_out_in_row_major_order_whatever_the_layout()
    {
        Tensor x = Tensor.Zeros(2, 3), turned = x.T;
        turned.CopyFrom<float>([1, 2, 3, 4, 5, 6]);
        x.ToArray<float>().ShouldBe([1, 3, 5, 2, 4, 6]);
        Span<double> room = stackalloc double[7];
        room[6] = 9;
        turned.CopyTo(room);
        room.ToArray().ShouldBe([1, 2, 3, 4, 5, 6, 9]);
        turned.Read((ReadOnlySpan<float> elements) => elements.ToArray()).ShouldBe([1, 2, 3, 4, 5, 6]);
        Span<float> own = x.AsSpan<float>();
        x.CopyFrom<float>(own);
        x.ToArray<float>().ShouldBe([1, 3, 5, 2, 4, 6]);
    }

    [Fact]
    public void Misuse_says_what_is_wrong()
    {
        Tensor x = Tensor.Zeros(2, 3);
        Should.Throw<DTypeException>(() => x.Write<double>(_ => { })).Message.ShouldContain("Float32");
        Should.Throw<DTypeException>(() => x.Read<int>(_ => { })).Message.ShouldContain("Float32");
        Should.Throw<DTypeException>(() => x.CopyFrom<double>([1])).Message.ShouldContain("Float32");
        Should.Throw<ShapeException>(() => x.T.Write<float>(_ => { })).Message.ShouldContain("contiguous");
        Should.Throw<ShapeException>(() => x.CopyFrom<float>([1])).Message.ShouldContain("6");
        Should.Throw<ShapeException>(() => x.CopyTo<float>(new float[5])).Message.ShouldContain("6");
        Should.Throw<ShapeException>(() => Tensor.Zeros(1).Expand(4).CopyFrom<float>([1, 2, 3, 4])).Message.ShouldContain("Clone()");
        Should.Throw<ArgumentNullException>(() => x.Write<float>(null!));
        Should.Throw<ArgumentNullException>(() => x.Read((Action<ReadOnlySpan<float>>)null!));
        Tensor leaf = Tensor.Zeros([2], requiresGrad: true);
        Should.Throw<AutogradException>(() => leaf.Write<float>(_ => { })).Message.ShouldContain("Detach()");
        Should.Throw<AutogradException>(() => leaf.CopyFrom<float>([1, 2])).Message.ShouldContain("Detach()");
        leaf.Read((ReadOnlySpan<float> elements) => elements[1]).ShouldBe(0);
        using (Autograd.NoGrad()) leaf.CopyFrom<float>([1, 2]);
        leaf.Detach()[1].Item().ShouldBe(2);
    }
}
