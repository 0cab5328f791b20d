namespace Adjoint;

/// <summary>Convolutions of one, two and three spatial dimensions, of a batch or of a single example, and their transposes.</summary>
internal static class Convolutions
{
    /// <summary>y[n, o, l] = b[o] + Σ w[o, c, k]·x[n, c, l·stride + k·dilation − padding].</summary>
    /// <param name="operation">Who asks.</param>
    /// <param name="dims">How many spatial dimensions there are.</param>
    /// <param name="input">x [N, C, *] or [C, *].</param>
    /// <param name="weight">w [O, C/groups, *].</param>
    /// <param name="bias">b [O], or null.</param>
    /// <param name="stride">How far the kernel moves.</param>
    /// <param name="padding">Zeros at both ends.</param>
    /// <param name="dilation">How far apart its taps are.</param>
    /// <param name="groups">In how many groups the channels are cut.</param>
    internal static Tensor Of(
        string operation, int dims, Tensor input, Tensor weight, Tensor? bias, Sizes stride, ConvPadding padding, Sizes dilation,
        int groups)
    {
        Check(operation, dims, input, weight, groups);
        bool isBatch = input.NDim == dims + 2;
        Shape shape = isBatch ? input.Shape : [1, .. input.Shape.Sizes];
        ConvolutionForm form = ConvolutionForm.Of(operation, dims, shape, weight.Shape, stride, padding, dilation, groups);
        CheckBias(operation, weight, bias, weight.Shape[0]);
        return Run(new(form, ConvolutionFace.Output), isBatch, input, weight, bias);
    }

    /// <summary>y[n, c, i] = b[c] + Σ w[o, c, k]·x[n, o, l] over all i = l·stride + k·dilation − padding.</summary>
    /// <param name="operation">Who asks.</param>
    /// <param name="dims">How many spatial dimensions there are.</param>
    /// <param name="input">x [N, O, *] or [O, *].</param>
    /// <param name="weight">w [O, C/groups, *].</param>
    /// <param name="bias">b [C], or null.</param>
    /// <param name="stride">How far the kernel moves.</param>
    /// <param name="padding">Places taken away at both ends.</param>
    /// <param name="outputPadding">Places added at the end.</param>
    /// <param name="groups">In how many groups the channels are cut.</param>
    /// <param name="dilation">How far apart its taps are.</param>
    internal static Tensor OfTransposed(
        string operation, int dims, Tensor input, Tensor weight, Tensor? bias, Sizes stride, Sizes padding, Sizes outputPadding, int groups,
        Sizes dilation)
    {
        Check(operation, dims, input, weight, groups);
        bool isBatch = input.NDim == dims + 2;
        Shape shape = isBatch ? input.Shape : [1, .. input.Shape.Sizes];
        ConvolutionForm form =
            ConvolutionForm.OfTransposed(operation, dims, shape, weight.Shape, stride, padding, outputPadding, groups, dilation);
        CheckBias(operation, weight, bias, weight.Shape[1] * groups);
        return Run(new(form, ConvolutionFace.Input), isBatch, input, weight, bias);
    }

    private static Tensor Run(ConvolutionOp op, bool isBatch, Tensor input, Tensor weight, Tensor? bias) =>
        isBatch ? op.Apply(input, weight, bias) : op.Apply(input.Unsqueeze(0), weight, bias).Squeeze(0);

    private static void Check(string operation, int dims, Tensor input, Tensor weight, int groups)
    {
        if (groups < 1)
            throw new ArgumentOutOfRangeException(nameof(groups), groups, $"{operation}: groups must be at least 1, but is {groups}.");
        if (input.NDim != dims + 2 && input.NDim != dims + 1)
            throw new ShapeException(
                $"{operation}: needs an input of {dims + 2} dimensions, or of {dims + 1} without a batch, but its shape is {input.Shape}.");
        if (weight.NDim != dims + 2)
            throw new ShapeException($"{operation}: needs a weight of {dims + 2} dimensions, but its shape is {weight.Shape}.");
        CheckType(operation, "the weight", weight, input);
        if (input.DType.IsBool) throw new DTypeException($"{operation}: needs tensors of numbers, but got {input.DType}.");
    }

    private static void CheckBias(string operation, Tensor weight, Tensor? bias, int channels)
    {
        if (bias is null) return;
        CheckType(operation, "the bias", bias, weight);
        if (bias.NDim != 1 || bias.Shape[0] != channels)
            throw new ShapeException(
                $"{operation}: the bias of shape {bias.Shape} does not fit the weight of shape {weight.Shape}; it needs {channels} "
                + "elements.");
    }

    private static void CheckType(string operation, string name, Tensor other, Tensor x)
    {
        if (other.DType != x.DType)
            throw new DTypeException(
                $"{operation}: all operands must have the same dtype, but {name} is {other.DType} and the input {x.DType}. Convert one "
                + $"with To(DType.{DTypes.Promote(other.DType, x.DType)}).");
    }
}
