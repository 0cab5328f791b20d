namespace Adjoint.Tests.Tensors;

/// <summary>A tensor of one element has no storage until it shares its memory: nobody may be able to tell.</summary>
public class NumberMemoryTests
{
    public static TheoryData<DType> DTypes => [DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.UInt8, DType.Bool];

    [Theory]
    [MemberData(nameof(DTypes))]
    public void The_value_is_kept_when_the_memory_becomes_shared(DType dtype)
    {
        Tensor x = Tensor.Ones([1, 1], dtype), view = x.View(1), detached = x.Detach();
        view.Item().ShouldBe(1);
        view.SharesStorageWith(x).ShouldBeTrue();
        detached.SharesStorageWith(view).ShouldBeTrue();
        x.FillInPlace(0);
        view.Item().ShouldBe(0);
        detached.Item().ShouldBe(0);
    }

    [Fact]
    public void The_version_goes_on_counting_when_the_memory_becomes_shared()
    {
        Tensor x = Tensor.Scalar(1);
        x.AddInPlace(1);
        x.Version.ShouldBe(1);
        Tensor view = x.View(1);
        view.Version.ShouldBe(1);
        view.AddInPlace(1);
        x.Version.ShouldBe(2);
        x.Item().ShouldBe(3);
    }

    [Fact]
    public void A_change_through_a_view_made_after_saving_is_found()
    {
        Tensor x = Tensor.Scalar(2, requiresGrad: true), y = x * 1, z = y * y;
        y.Detach().AddInPlace(1);
        Should.Throw<VersionException>(() => z.Backward());
    }

    [Fact]
    public void Two_numbers_do_not_share_memory()
    {
        Tensor x = Tensor.Scalar(1), y = Tensor.Scalar(1);
        x.SharesStorageWith(y).ShouldBeFalse();
        x.SharesStorageWith(x).ShouldBeTrue();
        x.Clone().SharesStorageWith(x).ShouldBeFalse();
    }

    [Fact]
    public void A_disposed_number_cannot_be_read()
    {
        Tensor x = Tensor.Scalar(1), view = x.View(1);
        x.Dispose();
        Should.Throw<ObjectDisposedException>(() => x.Item());
        Should.Throw<ObjectDisposedException>(() => view.Item());
        Tensor y = Tensor.Scalar(1);
        y.Dispose();
        Should.Throw<ObjectDisposedException>(() => y + 1);
    }

    [Fact]
    public void Threads_that_make_views_of_one_number_get_one_memory()
    {
        for (int round = 0; round < 200; round++)
        {
            Tensor x = Tensor.Scalar(round);
            var views = new Tensor[8];
            Parallel.For(0, views.Length, i => views[i] = x.View(1));
            views.ShouldAllBe(view => view.SharesStorageWith(x));
            x.AddInPlace(1);
            views.ShouldAllBe(view => view.Item() == round + 1);
        }
    }
}
