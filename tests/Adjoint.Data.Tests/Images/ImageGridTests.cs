using Adjoint.Data;
using Adjoint.Vision;

namespace Adjoint.Tests.Data.Images;

public class ImageGridTests
{
    /// <summary>By hand: three images of 1 × 2, two in a row, a margin of one.</summary>
    [Fact]
    public void Images_stand_in_rows_with_a_margin()
    {
        Tensor grid = ImageGrid.MakeGrid(Tensor.From([1f, 2, 3, 4, 5, 6]).View(3, 1, 1, 2), columns: 2, padding: 1, padValue: 9);
        grid.Shape.ShouldBe(Shape.Of(3, 5, 7));
        float[] channel =
        [
            9, 9, 9, 9, 9, 9, 9,
            9, 1, 2, 9, 3, 4, 9,
            9, 9, 9, 9, 9, 9, 9,
            9, 5, 6, 9, 9, 9, 9,
            9, 9, 9, 9, 9, 9, 9,
        ];
        grid.ToArray<float>().ShouldBe([.. channel, .. channel, .. channel]);
    }

    [Fact]
    public void Values_are_moved_to_the_unit_interval()
    {
        Tensor x = Tensor.From([-1f, 0, 1, 3]).View(2, 1, 1, 2);
        ImageGrid.MakeGrid(x, padding: 0, normalize: true).Select(0, 0).ToArray<float>().ShouldBe([0, 0.25f, 0.5f, 1]);
        ImageGrid.MakeGrid(x, padding: 0, normalize: true, valueRange: (0, 2)).Select(0, 1).ToArray<float>().ShouldBe([0, 0, 0.5f, 1]);
        x.ToArray<float>().ShouldBe([-1, 0, 1, 3]);
    }

    [Fact]
    public void One_image_is_itself()
    {
        Tensor image = Tensor.Rand(3, 4, 5);
        ImageGrid.MakeGrid(image).ToArray<float>().ShouldBe(image.ToArray<float>());
        ImageGrid.MakeGrid(Tensor.Rand(4, 5)).Shape.ShouldBe(Shape.Of(3, 4, 5));
    }

    [Fact]
    public void A_grid_is_written_and_read()
    {
        using var folder = new TemporaryFolder();
        Tensor images = Tensor.RandInt(0, 256, [5, 3, 6, 7]).To(DType.UInt8);
        ImageGrid.SaveImage(folder.File("grid.png"), images, columns: 3);
        ImageFile.Read(folder.File("grid.png")).ToArray<byte>().ShouldBe(ImageGrid.MakeGrid(images, columns: 3).ToArray<byte>());
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        Should.Throw<ShapeException>(() => ImageGrid.MakeGrid(Tensor.Zeros(2, 2, 4, 4))).Message.ShouldContain("[2, 2, 4, 4]");
        Should.Throw<ShapeException>(() => ImageGrid.MakeGrid(Tensor.Zeros(0, 3, 4, 4)));
        Should.Throw<DTypeException>(() => ImageGrid.MakeGrid(Tensor.Zeros([1, 4, 4], DType.Int64))).Message.ShouldContain("Int64");
        Should.Throw<DTypeException>(() => ImageGrid.MakeGrid(Tensor.Zeros([1, 4, 4], DType.UInt8), normalize: true)).Message.ShouldContain("ToTensor");
        Should.Throw<ArgumentOutOfRangeException>(() => ImageGrid.MakeGrid(Tensor.Zeros(1, 4, 4), columns: 0)).ParamName.ShouldBe("columns");
        Should.Throw<ArgumentOutOfRangeException>(() => ImageGrid.MakeGrid(Tensor.Zeros(1, 4, 4), valueRange: (1, 0))).ParamName.ShouldBe("valueRange");
    }
}
