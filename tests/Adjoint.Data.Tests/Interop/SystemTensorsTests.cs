using System.Buffers;
using Adjoint.Data;
using SystemTensor = System.Numerics.Tensors.Tensor;

namespace Adjoint.Tests.Interop;

public class SystemTensorsTests
{
    [Fact]
    public void What_goes_out_has_the_shape_and_the_elements_of_any_layout()
    {
        Tensor x = Tensor.Arange(12).Reshape(3, 4).T[1..];
        System.Numerics.Tensors.Tensor<long> y = x.ToSystemTensor<long>();
        y.Lengths.ToArray().ShouldBe([3, 3]);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) y[i, j].ShouldBe(x[i, j].Item<long>());
        y[0, 0] = 100;
        x[0, 0].Item<long>().ShouldBe(1);
        y.ToTensor()[1..].ElementsEqual(x[1..]).ShouldBeTrue();
    }

    [Fact]
    public void What_comes_in_is_copied_in_the_order_of_its_indices()
    {
        System.Numerics.Tensors.Tensor<float> y = SystemTensor.Create(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        Tensor x = y.ToTensor(requiresGrad: true);
        (x.DType, x.RequiresGrad).ShouldBe((DType.Float32, true));
        x.ElementsEqual(Tensor.From(new[,] { { 1f, 2f, 3f }, { 4f, 5f, 6f } })).ShouldBeTrue();
        SystemTensor.PermuteDimensions(y, [1, 0]).ToTensor().ElementsEqual(x.Detach().T).ShouldBeTrue();
        y.Slice(new NRange(0, 2), new NRange(1, 3)).ToTensor().ElementsEqual(x.Detach()[.., 1..]).ShouldBeTrue();
        y.ToTensor(dtype: DType.Int32).DType.ShouldBe(DType.Int32);
        y[0, 0] = 9;
        x[0, 0].Item().ShouldBe(1);
    }

    [Fact]
    public void Every_dtype_goes_out_and_comes_back()
    {
        Same(Tensor.From([1f, float.NaN, -0f]), SystemTensors.ToSystemTensor<float>);
        Same(Tensor.From([1.0, double.PositiveInfinity]), SystemTensors.ToSystemTensor<double>);
        Same(Tensor.From([1, int.MinValue]), SystemTensors.ToSystemTensor<int>);
        Same(Tensor.From([1L, long.MaxValue]), SystemTensors.ToSystemTensor<long>);
        Same(Tensor.From([(byte)1, (byte)255]), SystemTensors.ToSystemTensor<byte>);
        Same(Tensor.From([true, false]), SystemTensors.ToSystemTensor<bool>);
    }

    [Fact]
    public void Empty_ones_keep_their_shape_and_one_without_dimensions_gets_one()
    {
        Tensor.Zeros(0, 3).ToSystemTensor<float>().Lengths.ToArray().ShouldBe([0, 3]);
        Tensor.Zeros(2, 0).ToSystemTensor<float>().ToTensor().Shape.ShouldBe([2, 0]);
        System.Numerics.Tensors.Tensor<float>.Empty.ToTensor().Shape.ShouldBe([0]);
        Tensor.Scalar(3f).ToSystemTensor<float>().Lengths.ToArray().ShouldBe([1]);
    }

    [Fact]
    public void Another_type_is_a_cast_or_an_error_that_says_so()
    {
        Tensor.Ones(2).ToSystemTensor<double>()[0].ShouldBe(1.0);
        Should.Throw<DTypeException>(() => Tensor.Ones(2).ToSystemTensor<char>()).Message.ShouldContain("Char");
        Should.Throw<DTypeException>(() => SystemTensor.Create(new[] { 'a' }, [1]).ToTensor());
        Should.Throw<ArgumentNullException>(() => ((System.Numerics.Tensors.Tensor<float>)null!).ToTensor());
    }

    private static void Same<T>(Tensor x, Func<Tensor, System.Numerics.Tensors.Tensor<T>> outward) where T : unmanaged
    {
        Tensor back = outward(x).ToTensor();
        back.DType.ShouldBe(x.DType);
        back.ToArray<T>().ShouldBe(x.ToArray<T>());
    }
}
