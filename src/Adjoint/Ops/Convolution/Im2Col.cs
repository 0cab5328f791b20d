using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The patches of images that a kernel meets, as columns, and their sums at their places.</summary>
internal static class Patches
{
    /// <summary>[N, C, H, W] → [N, C·taps, places]: what the kernel meets at each of its places.</summary>
    internal static Tensor ToColumns(Tensor x, Sizes kernelSize, Sizes dilation, Sizes padding, Sizes stride)
    {
        if (x.NDim is not (3 or 4))
            throw new ShapeException($"Unfold: needs images [N, C, H, W], or one [C, H, W], but the shape is {x.Shape}.");
        return Linear.Apply(new Im2ColOp(Form("Unfold", x.Shape, x.Shape[^2..], kernelSize, dilation, padding, stride), x.NDim == 4), x);
    }

    /// <summary>[N, C·taps, places] → [N, C, H, W]: each element at its place, those of one place added up.</summary>
    internal static Tensor OfColumns(Tensor x, Sizes outputSize, Sizes kernelSize, Sizes dilation, Sizes padding, Sizes stride)
    {
        if (x.NDim is not (2 or 3))
            throw new ShapeException($"Fold: needs columns [N, C·taps, places], or [C·taps, places], but the shape is {x.Shape}.");
        int[] image = outputSize.For("Fold", nameof(outputSize), 2, 0, 0), kernel = kernelSize.For("Fold", nameof(kernelSize), 2, 1, 1);
        if (x.DType.IsBool) throw new DTypeException($"Fold: needs a tensor of numbers, but got {x.DType}.");
        long taps = (long)kernel[0] * kernel[1];
        if (x.Shape[-2] % taps != 0)
            throw new ShapeException(
                $"Fold: the {x.Shape[-2]} rows of the columns of shape {x.Shape} are no multiple of the {taps} taps of kernelSize "
                + $"{kernelSize}.");
        Shape images = [.. x.Shape.Sizes[..^2], (int)(x.Shape[-2] / taps), .. image];
        ConvolutionForm form = Form("Fold", images, [.. image], kernelSize, dilation, padding, stride);
        if (form.Sizes.Outputs != x.Shape[-1])
            throw new ShapeException(
                $"Fold: a kernel of {kernelSize} has {form.Sizes.Outputs} places in images of {outputSize} with the dilation, padding and "
                + $"stride given, but the columns of shape {x.Shape} are {x.Shape[-1]}.");
        return Linear.Apply(new Col2ImOp(form, x.NDim == 3), x);
    }

    private static ConvolutionForm Form(
        string operation, Shape images, Shape size, Sizes kernelSize, Sizes dilation, Sizes padding, Sizes stride)
    {
        int[] k = kernelSize.For(operation, nameof(kernelSize), 2, 1, 1), d = dilation.For(operation, nameof(dilation), 2, 1, 1);
        int[] p = padding.For(operation, nameof(padding), 2, 0, 0), s = stride.For(operation, nameof(stride), 2, 1, 1);
        var spatial = new ConvolutionDim[2];
        for (int i = 0; i < 2; i++)
        {
            long extent = (long)d[i] * (k[i] - 1) + 1, padded = size[i] + 2L * p[i];
            if (padded > int.MaxValue || extent > padded)
                throw new ShapeException(
                    $"{operation}: a kernel of {kernelSize} with dilation {Shape.Text(d)} reaches over {extent} places, and images of "
                    + $"{Shape.Text(size.Sizes)} with padding {Shape.Text(p)} have {padded}.");
            spatial[i] = new(size[i], (int)((padded - extent) / s[i] + 1), k[i], s[i], p[i], d[i]);
        }
        int batch = images.NDim == 4 ? images[0] : 1;
        // The columns must be a shape.
        Shape.Computed(batch, images[-3], k[0], k[1], spatial[0].Output, spatial[1].Output);
        return new(2, new(batch, 1, images[-3], 1, ConvolutionDim.None, spatial[0], spatial[1]));
    }

    internal static void Describe(ConvolutionForm form, OpAttributes to)
    {
        to.Add("kernel_size", form.Spatial.Select(d => d.Kernel).ToArray());
        to.Add("dilation", form.Spatial.Select(d => d.Dilation).ToArray());
        to.Add("padding", form.Spatial.Select(d => d.Padding).ToArray());
        to.Add("stride", form.Spatial.Select(d => d.Stride).ToArray());
    }

    internal static Shape Columns(ConvolutionForm form, bool isBatch)
    {
        ConvolutionSizes s = form.Sizes;
        return isBatch ? [s.Batch, s.InChannels * s.Taps, s.Outputs] : [s.InChannels * s.Taps, s.Outputs];
    }

    internal static Shape Images(ConvolutionForm form, bool isBatch) => isBatch ? form.Input : Shape.Of(form.Input.Sizes[1..]);
}

/// <summary>y[n, c·taps + k, l] = x[n, c, l·stride + k·dilation − padding]; its transpose puts all back, and adds.</summary>
internal readonly struct Im2ColOp(ConvolutionForm form, bool isBatch) : ILinearInto
{
    public string NodeName => "Im2ColBackward0";

    public void Describe(OpAttributes to) => Patches.Describe(form, to);

    public Tensor Forward(Tensor x)
    {
        var work = new Work(form.Sizes, Elements.ToContiguous(x), Tensor.Uninitialized(Patches.Columns(form, isBatch), x.DType));
        if (work.Y.NumEl > 0) Dispatch.Moving(x.DType, ref work);
        return work.Y;
    }

    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => true;

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y)
    {
        var work = new Work(form.Sizes, Elements.ToContiguous(x[0]!), y);
        Dispatch.Moving(y.DType, ref work);
    }

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new Col2ImOp(form, isBatch), g);

    private readonly struct Work(ConvolutionSizes sizes, Tensor x, Tensor y) : IMovingWork
    {
        internal readonly Tensor Y = y;

        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            PatchColumns.Unfold<T>(sizes, memory.Of<T>(x), memory.Of<T>(Y));
        }
    }
}

/// <summary>y[n, c, i] = Σ x[n, c·taps + k, l] over all i = l·stride + k·dilation − padding; its transpose reads them again.</summary>
internal readonly struct Col2ImOp(ConvolutionForm form, bool isBatch) : ILinearInto, IByHand
{
    public string NodeName => "Col2ImBackward0";

    public void Describe(OpAttributes to)
    {
        to.Add("output_size", form.Spatial.Select(d => d.Input).ToArray());
        Patches.Describe(form, to);
    }

    public Tensor Forward(Tensor x)
    {
        var work = new Work(form.Sizes, Elements.ToContiguous(x), Tensor.Uninitialized(Patches.Images(form, isBatch), x.DType));
        if (work.Y.NumEl > 0) Dispatch.Number(x.DType, ref work);
        return work.Y;
    }

    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => true;

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y)
    {
        var work = new Work(form.Sizes, Elements.ToContiguous(x[0]!), y);
        Dispatch.Number(y.DType, ref work);
    }

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new Im2ColOp(form, isBatch), g);

    public void Write(Hand hand) => ConvolutionHand.Fold(hand, form);

    private readonly struct Work(ConvolutionSizes sizes, Tensor x, Tensor y) : INumberWork
    {
        internal readonly Tensor Y = y;

        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            PatchColumns.Fold<T>(sizes, memory.Of<T>(x), memory.Of<T>(Y));
        }
    }
}

public static partial class OpTable
{
    private static Op Im2Col => Op.Of(OpKind.Linear, "im2col", x => Patches.ToColumns(x, (2, 3), (1, 2), 1, (2, 1)),
        new OpInput([2, 3, 4, 5], Domain.Reals),
        new()
        {
            Formula = "y[n, c·taps + k, l] = x[n, c, l·s + k·d − p]",
            Torch = "F.unfold(x, (2, 3), dilation=(1, 2), padding=1, stride=(2, 1))",
        });

    private static Op Col2Im => Op.Of(OpKind.Linear, "col2im", x => Patches.OfColumns(x, (4, 5), (2, 3), (1, 2), 1, (2, 1)),
        new OpInput([2, 12, 9], Domain.Reals),
        new()
        {
            Formula = "y[n, c, i] = Σ x[n, c·taps + k, l] over i = l·s + k·d − p",
            Torch = "F.fold(x, (4, 5), (2, 3), dilation=(1, 2), padding=1, stride=(2, 1))",
        });
}
