namespace Adjoint.Tests.Ops;

/// <summary>
/// Every public method of tensors and of F that takes what can be made up, found by reflection: without elements, with many rows of
/// nothing, with the largest and smallest whole numbers. Whatever comes of it, it is a result or an error that was meant.
/// </summary>
public class SurfaceSizeTests
{
    private static readonly Shape[] s_empty = [[0], [0, 3], [3, 0], [2, 0, 3], [2, 3, 0], [2_000, 0], [0, 2_000]];

    public static TheoryData<string> Calls => [.. PublicCall.All.Keys];

    public static TheoryData<string> WithIntegers =>
        [.. PublicCall.All.Where(call => (call.Value.IsInstance || call.Value.IsOfF) && call.Value.Integers.Any())
            .Select(call => call.Key)];

    [Fact]
    public void Nearly_all_public_methods_can_be_called()
    {
        int all = PublicCall.Methods().Count();
        all.ShouldBeGreaterThan(300);
        PublicCall.All.Count.ShouldBeGreaterThan(all * 8 / 10);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Tensors_without_elements_are_answered_forward_and_backward(string name)
    {
        PublicCall call = PublicCall.All[name];
        foreach (Shape shape in s_empty)
        {
            foreach (int dim in shape.NDim == 1 ? [0] : new[] { 0, -1 })
            {
                foreach (Shape places in new Shape[] { [0], shape })
                {
                    string what = $"{name} of {shape}, dimension {dim}, index {places}";
                    Tensor leaf = Tensor.Zeros(shape, DType.Float64, requiresGrad: true);
                    IEnumerable<Tensor> results =
                        Meant(what, () => call.Invoke(() => leaf * 1, dim, () => Tensor.Zeros(places, DType.Int64)));
                    foreach (Tensor y in results.Where(y => y.RequiresGrad && y.GradFn is not null))
                        Should.NotThrow(() => y.Backward(y.OnesLike(), retainGraph: true), what);
                    leaf.Grad?.Shape.ShouldBe(shape, what);

                    using ForwardLevel _ = ForwardAD.EnterDualLevel();
                    Tensor Dual() => ForwardAD.MakeDual(Tensor.Zeros(shape, DType.Float64), Tensor.Zeros(shape, DType.Float64));
                    foreach (
                        Tensor y in Meant(what, () => call.Invoke(Dual, dim, () => Tensor.Zeros(places, DType.Int64)))
                        .Where(y => y.DType.IsFloatingPoint))
                        ForwardAD.UnpackDual(y).Tangent?.Shape.ShouldBe(y.Shape, what);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(WithIntegers))]
    public void Extreme_whole_numbers_are_answered(string name)
    {
        PublicCall call = PublicCall.All[name];
        foreach (int parameter in call.Integers)
        {
            foreach (int value in new[] { int.MinValue, int.MinValue + 1, -2, -1, 0, 7, int.MaxValue - 1, int.MaxValue })
            {
                foreach (Shape shape in new Shape[] { [2, 3], [3, 0], [3], [] })
                {
                    string what = $"{name} of {shape} with {value} as parameter {parameter}";
                    Tensor leaf = Tensor.Ones(shape, DType.Float64, requiresGrad: true);
                    // A tensor of one element can be repeated until memory is full, which is no error.
                    if (shape.NumEl == 1 && value > 7) continue;
                    // So are intervals, which need no elements at all: 17 GB of them, if the machine has so much.
                    if (name.Contains(".Hist", StringComparison.Ordinal) && value > 7) continue;
                    foreach (
                        Tensor y in Meant(what,
                            () => call.Invoke(() => leaf * 1, 0, () => Tensor.Zeros([1], DType.Int64), (parameter, value)))
                            .Where(y => y.RequiresGrad && y.GradFn is not null))
                        Should.NotThrow(() => y.Backward(y.OnesLike(), retainGraph: true), what);
                }
            }
        }
    }

    private static IEnumerable<Tensor> Meant(string what, Func<object?> call)
    {
        try
        {
            return [.. PublicCall.TensorsIn(call())];
        }
        catch (Exception error)
        {
            if (!Refusals.IsMeant(error)) Assert.Fail($"{what}: {error.GetType().Name}: {error.Message}\n{error.StackTrace}");
            return [];
        }
    }
}
