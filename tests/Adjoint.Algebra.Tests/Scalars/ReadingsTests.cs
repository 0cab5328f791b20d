namespace Adjoint.Tests.Scalars;

/// <summary>One and the same function, read over every number type there is.</summary>
public class ReadingsTests
{
    private const double Value = 11.652071455223084, First = 5.5, Second = 1.716337814536774;

    [Fact]
    public void Numbers()
    {
        Scalar.Value(new Lecture(), [2.0, 5.0]).ShouldBe(Value, 1e-14);
        new Lecture().Invoke<Real<float>>([new(2), new(5)]).Value.ShouldBe((float)Value, 1e-5f);
    }

    [Fact]
    public void A_tensor_with_history()
    {
        Tensor x = Tensor.Scalar(2, DType.Float64, requiresGrad: true), y = Tensor.Scalar(5, DType.Float64, requiresGrad: true);
        Tensor z = new Lecture().Invoke<Tensor>([x, y]);
        z.Item().ShouldBe(Value, 1e-14);
        z.Backward();
        x.Grad!.Item().ShouldBe(First, 1e-14);
        y.Grad!.Item().ShouldBe(Second, 1e-14);
    }

    [Fact]
    public void A_dual_number_of_tensors_is_forward_mode_that_can_be_run_backward()
    {
        Tensor x = Tensor.Scalar(2, DType.Float64, requiresGrad: true), y = Tensor.Scalar(5, DType.Float64, requiresGrad: true);
        Tensor slope = new Lecture().Invoke<Dual<Tensor>>([Dual<Tensor>.Variable(x), Dual<Tensor>.Constant(y)]).Tangent;
        slope.Item().ShouldBe(First, 1e-14);
        slope.Backward();
        x.Grad!.Item().ShouldBe(-0.25, 1e-14);
        y.Grad!.Item().ShouldBe(1, 1e-14);
    }

    [Fact]
    public void A_tape_of_floats()
    {
        Tape<Real<float>> tape = new();
        Var<Real<float>> x = tape.Variable(2.0), y = tape.Variable(5.0);
        tape.Backward(new Lecture().Invoke<Var<Real<float>>>([x, y]));
        tape.Adjoint(y).Value.ShouldBe((float)Second, 1e-6f);
    }
}
