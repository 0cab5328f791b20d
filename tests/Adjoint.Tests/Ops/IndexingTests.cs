using static Adjoint.TensorIndex;

namespace Adjoint.Tests.Ops;

/// <summary>What may stand between the brackets, and what it means: as in PyTorch.</summary>
public class IndexingTests
{
    private static Tensor Grid(params int[] sizes) => Tensor.Arange(Shape.Of(sizes).NumEl).To(DType.Float64).Reshape(sizes);

    private static Tensor Longs(params long[] values) => Tensor.From(values);

    private static double[] Numbers(Tensor x) => x.ToArray<double>();

    [Fact]
    public void Numbers_ranges_new_axes_and_ellipses_make_views()
    {
        Tensor x = Grid(3, 4);
        Numbers(x[1, ..]).ShouldBe([4, 5, 6, 7]);
        Numbers(x[^1]).ShouldBe([8, 9, 10, 11]);
        Numbers(x[-2, 1]).ShouldBe([5]);
        x[1..3, NewAxis].Shape.ShouldBe([2, 1, 4]);
        Numbers(x[.., ^2..]).ShouldBe([2, 3, 6, 7, 10, 11]);
        Numbers(x[.., Slice(1, null, 2)]).ShouldBe([1, 3, 5, 7, 9, 11]);
        Numbers(x[^0..]).ShouldBeEmpty();
        Numbers(Grid(2, 2, 2)[Ellipsis, 0]).ShouldBe([0, 2, 4, 6]);
        x[1].SharesStorageWith(x).ShouldBeTrue();
        ReferenceEquals(x[0].Base, x.Base).ShouldBeTrue();
    }

    [Fact]
    public void Tensors_of_places_and_masks_make_copies()
    {
        Tensor x = Grid(3, 4);
        Numbers(x[Longs(2, 0, -1)]).ShouldBe([8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
        Numbers(x[Longs(0, 1), Longs(3, 2)]).ShouldBe([3, 6]);
        Numbers(x[x > 8.5]).ShouldBe([9, 10, 11]);
        x[Longs(0, 1).Reshape(2, 1), Longs(1, 2, 3)].Shape.ShouldBe([2, 3]);
        x[.., Longs(1, 1)].Shape.ShouldBe([3, 2]);
        x[1, new[] { 3, 0 }].ToArray<double>().ShouldBe([7, 4]);
        x[Longs(0)].SharesStorageWith(x).ShouldBeFalse();
    }

    /// <summary>Indexed dimensions that are neighbours stay where they are; others move to the front.</summary>
    [Fact]
    public void The_places_of_indexed_dimensions_follow_NumPy()
    {
        Tensor x = Grid(2, 3, 4, 5);
        Tensor i = Longs(0, 1, 1), j = Longs(2, 0, 1);
        x[.., i, j].Shape.ShouldBe([2, 3, 5]);
        x[i, .., j].Shape.ShouldBe([3, 3, 5]);
        x[.., i, .., j].Shape.ShouldBe([3, 2, 4]);
        x[i, .., j][2, 1, 3].Item().ShouldBe(x[1, 1, 1, 3].Item());
    }

    [Fact]
    public void Assignment_writes_in_place_and_the_gradient_goes_to_the_value()
    {
        Tensor leaf = Grid(3, 2).RequiresGradInPlace(), value = Tensor.From([10.0, 20]).RequiresGradInPlace();
        Tensor x = leaf.Clone();
        x[1] = value;
        x[x > 15.0] = -1;
        x[Longs(2)] = value;
        Numbers(x.Detach()).ShouldBe([0, 1, 10, -1, 10, 20]);
        x.GradFn!.Name.ShouldBe("IndexPutBackward0");
        x.Sum().Backward();
        Numbers(leaf.Grad!).ShouldBe([1, 1, 0, 0, 0, 0]);
        Numbers(value.Grad!).ShouldBe([2, 1]);
    }

    [Fact]
    public void A_selection_can_be_written_back_to_where_it_came_from()
    {
        Tensor leaf = Grid(4).RequiresGradInPlace();
        Tensor x = leaf.Clone(), mask = x.Detach() > 1.5;
        x[mask] = x[mask] * 3;
        x.Sum().Backward();
        Numbers(leaf.Grad!).ShouldBe([1, 1, 3, 3]);
    }

    [Fact]
    public void An_index_changed_in_place_is_noticed_by_the_backward_pass()
    {
        Tensor x = Grid(3, 2).RequiresGradInPlace(), places = Longs(0, 2), column = Longs(1, 0, 1).Reshape(3, 1), mask = x.Detach() > 2.0;
        Tensor[] results =
            [x.IndexSelect(0, places), x.Gather(1, column), x.MaskedFill(mask, 0), x.ScatterAdd(1, column, x * 2), x[places]];
        places.FillInPlace(1);
        column.FillInPlace(0);
        mask.FillInPlace(1);
        foreach (Tensor y in results[..4])
            Should.Throw<VersionException>(() => y.Sum().Backward()).Message.ShouldContain("changed in place");
        results[4].Sum().Backward(); // what the brackets computed from the index is their own
    }

    [Fact]
    public void Wrong_indices_say_what_was_asked_and_what_there_is()
    {
        Tensor x = Grid(2, 3);
        Should.Throw<TensorIndexException>(() => x[2]).Message.ShouldContain("index 2 is out of range for dimension 0 of size 2");
        Should.Throw<TensorIndexException>(() => x[0, 0, 0]).Message.ShouldContain("3 indices are too many");
        Should.Throw<TensorIndexException>(() => x[Longs(0, 3)]).Message.ShouldContain("index 3 is out of range");
        Should.Throw<TensorIndexException>(() => x[Tensor.From([true, false, true])]).Message.ShouldContain("mask of shape [3]");
        Should.Throw<TensorIndexException>(() => Tensor.Scalar(1)[0]).Message.ShouldContain("Item()");
        Should.Throw<DTypeException>(() => x[Tensor.From([0.5])]).Message.ShouldContain("Int64");
        Should.Throw<ArgumentOutOfRangeException>(() => x[Slice(step: -1)]).Message.ShouldContain("Flip");
        Should.Throw<TensorIndexException>(() => x[Ellipsis, Ellipsis]).Message.ShouldContain("Ellipsis");
        Should.Throw<DTypeException>(() => x.Gather(0, Tensor.From([0.0]).Reshape(1, 1))).Message.ShouldContain("Int64");
        Should.Throw<ShapeException>(() => x.Gather(0, Longs(0, 1))).Message.ShouldContain("as many dimensions");
        Should.Throw<TensorIndexException>(() => x.Gather(0, Longs(5).Reshape(1, 1))).Message.ShouldContain("index 5");
        Should.Throw<ShapeException>(() => x[0] = Grid(4)).Message.ShouldContain("does not broadcast");
    }
}
