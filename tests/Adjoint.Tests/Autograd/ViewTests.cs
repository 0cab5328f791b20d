namespace Adjoint.Tests.Differentiation;

/// <summary>Which operations show the memory of their input, and which copy it.</summary>
public class ViewTests
{
    private static Tensor Grid => Tensor.Arange(0, 12, dtype: DType.Float64).Reshape(3, 4);

    private static readonly Tensor Places = Tensor.From([0L, 1]);

    public static TheoryData<string, Func<Tensor, Tensor>> Views => new()
    {
        { "View", x => x.View(4, 3) },
        { "Reshape", x => x.Reshape(2, -1) },
        { "Flatten", x => x.Flatten() },
        { "Unflatten", x => x.Unflatten(1, 2, 2) },
        { "T", x => x.T },
        { "Transpose", x => x.Transpose(0, 1) },
        { "Permute", x => x.Permute(1, 0) },
        { "MoveDim", x => x.MoveDim(0, 1) },
        { "Squeeze", x => x.Squeeze() },
        { "Unsqueeze", x => x.Unsqueeze(0) },
        { "Expand", x => x.Expand(2, 3, 4) },
        { "Narrow", x => x.Narrow(0, 1, 2) },
        { "Select", x => x.Select(1, 2) },
        { "an index", x => x[1] },
        { "a range", x => x[1..3] },
        { "a new axis", x => x[.., TensorIndex.NewAxis] },
        { "an ellipsis", x => x[TensorIndex.Ellipsis, 0] },
        { "Diagonal", x => x.Diagonal() },
        { "Unfold", x => x.Unfold(1, 2, 1) },
        { "Split", x => x.Split(2, 1)[1] },
        { "Chunk", x => x.Chunk(2)[1] },
        { "Unbind", x => x.Unbind()[2] },
        { "AsStrided", x => x.AsStrided([2, 2], [1, 4], 1) },
        { "Detach", x => x.Detach() },
    };

    public static TheoryData<string, Func<Tensor, Tensor>> Copies => new()
    {
        { "Clone", x => x.Clone() },
        { "Contiguous of a transpose", x => x.T.Contiguous() },
        { "Reshape of a transpose", x => x.T.Reshape(-1) },
        { "Repeat", x => x.Repeat(1, 1) },
        { "Tile", x => x.Tile(1, 1) },
        { "Flip", x => x.Flip(0) },
        { "Roll", x => x.Roll(0, 0) },
        { "Rot90", x => x.Rot90() },
        { "places", x => x[Places] },
        { "a mask", x => x[x > -1.0] },
        { "IndexSelect", x => x.IndexSelect(0, Places) },
        { "Gather", x => x.Gather(0, Tensor.Zeros([1, 4], DType.Int64)) },
        { "Take", x => x.Take(Places) },
        { "MaskedSelect", x => x.MaskedSelect(x > -1.0) },
        { "Cat", x => Tensor.Cat([x]) },
        { "Stack", x => Tensor.Stack([x]) },
        { "Tril", x => x.Tril() },
        { "Triu", x => x.Triu() },
        { "Diag", x => x[0].Diag() },
        { "To", x => x.To(DType.Float32) },
    };

    [Theory] // 5.49
    [MemberData(nameof(Views))]
    public void A_view_shows_later_changes_of_its_base(string name, Func<Tensor, Tensor> operation)
    {
        Tensor x = Grid, y = operation(x);
        y.SharesStorageWith(x).ShouldBeTrue(name);
        x.FillInPlace(7);
        y.ToArray<double>().ShouldAllBe(v => v == 7);
        y.Version.ShouldBe(x.Version);
    }

    [Theory] // 5.50
    [MemberData(nameof(Copies))]
    public void A_copy_does_not(string name, Func<Tensor, Tensor> operation)
    {
        Tensor x = Grid, y = operation(x);
        y.SharesStorageWith(x).ShouldBeFalse(name);
        double[] before = y.To(DType.Float64).ToArray<double>();
        x.FillInPlace(7);
        y.To(DType.Float64).ToArray<double>().ShouldBe(before);
    }
}
