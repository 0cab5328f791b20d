using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Which of the three tensors of a convolution is computed from the others. See Note [Three faces].</summary>
internal enum ConvolutionFace
{
    /// <summary>The output, of input and weight: the convolution.</summary>
    Output,

    /// <summary>The input, of output and weight: the transposed convolution.</summary>
    Input,

    /// <summary>The weight, of output and input.</summary>
    Weight,
}

/// <summary>
/// The faces of Σ x[n, c, i]·w[o, c, k]·y[n, o, l] over all i = l·stride + k·dilation − padding, with a bias for each channel: the
/// gradients of each are the other two.
/// </summary>
internal readonly struct ConvolutionOp(ConvolutionForm form, ConvolutionFace face) : ITensorOperation, IIntoOperation, IByHand
{
    internal ConvolutionForm Form => form;

    internal ConvolutionFace Face => face;

    public string Name => face == ConvolutionFace.Weight ? "convolution_backward" : "convolution";

    public void Describe(OpAttributes to)
    {
        ConvolutionDim[] spatial = form.Spatial;
        to.Add("kernel_size", spatial.Select(d => d.Kernel).ToArray());
        to.Add("stride", spatial.Select(d => d.Stride).ToArray());
        to.Add("padding", spatial.Select(d => d.Padding).ToArray());
        if (Array.Exists(spatial, d => PaddingAtEnd(d) > d.Padding)) to.Add("padding_at_end", spatial.Select(PaddingAtEnd).ToArray());
        to.Add("dilation", spatial.Select(d => d.Dilation).ToArray());
        to.Add("transposed", face == ConvolutionFace.Input);
        to.Add("output_padding", spatial.Select(OutputPadding).ToArray());
        to.Add("groups", form.Sizes.Groups);
    }

    // Padding "same" has one more place at the end where their number is odd: as many as are read. See ConvolutionDim.
    private static int PaddingAtEnd(ConvolutionDim d) =>
        (int)Math.Max(d.Padding, (d.Output - 1L) * d.Stride + (d.Kernel - 1L) * d.Dilation + 1 - d.Input - d.Padding);

    // What is left of the input of a convolution where its kernel fits no more, or misses where there is more padding at its end.
    private int OutputPadding(ConvolutionDim d) => face != ConvolutionFace.Input ? 0
        : (int)(d.Input + 2L * d.Padding - (d.Output - 1L) * d.Stride - (d.Kernel - 1L) * d.Dilation - 1);

    internal Tensor Apply(Tensor a, Tensor b, Tensor? bias = null) => Door.Run(this, a, b, bias);

    /// <summary>The same sizes, seen from another side.</summary>
    internal Tensor Apply(ConvolutionFace other, Tensor a, Tensor b) => new ConvolutionOp(form, other).Apply(a, b);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> x)
    {
        Tensor a = x[0]!, b = x[1]!;
        Tensor y = Tensor.Uninitialized(here, Result, a.DType);
        Compute(a, b, x[2], y);
        if (!History.IsWanted(here, a, b) && !(x[2] is { } bias && History.IsWanted(here, bias))) return y;
        var rule = new ConvolutionRule(here, this, a, b);
        History.Record(new ReadOnlySpan<Tensor>(in y), new RuleNode<ConvolutionRule>(here, rule, a, b, x[2]), [a, b, x[2]]);
        return y;
    }

    public bool MayOverwrite => false;

    public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call);

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) => Compute(x[0]!, x[1]!, x[2], results[0]!);

    public string Formula => face switch
    {
        ConvolutionFace.Output => "x ⋆ y",
        ConvolutionFace.Input => "x ⋆ᵀ y",
        _ => "Σ x·y over what each weight meets",
    };

    public void Write(Hand hand) => ConvolutionHand.Write(hand, form, face);

    private Shape Result => face switch
    {
        ConvolutionFace.Output => form.Output,
        ConvolutionFace.Input => form.Input,
        _ => form.Weight,
    };

    private void Compute(Tensor a, Tensor b, Tensor? bias, Tensor y)
    {
        if (y.NumEl == 0) return;
        var work = new Work(form.Sizes, face, Elements.ToContiguous(a), Elements.ToContiguous(b),
            bias is null ? null : Elements.ToContiguous(bias), y);
        Dispatch.Elements(y.DType, ref work);
    }

    private readonly struct Work(ConvolutionSizes sizes, ConvolutionFace face, Tensor a, Tensor b, Tensor? bias, Tensor y) : IElementWork
    {
        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<T>();

        // Sums of whole numbers, wrapping around as C# does. There are no registers for those of less than four bytes: of sums of ints the
        // lowest bytes are the same.
        public void Whole<T>() where T : unmanaged, IBinaryInteger<T>
        {
            if (Unsafe.SizeOf<T>() >= sizeof(int))
            {
                Run<T>();
                return;
            }
            Tensor wide = Tensor.Uninitialized(y.Shape, DType.Int32);
            new Work(sizes, face, Wide(a), Wide(b), bias is null ? null : Wide(bias), wide).Run<int>();
            Elements.CastTo(wide, y);
        }

        private static Tensor Wide(Tensor x) => Elements.Cast(x, DType.Int32);

        private void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            if (face == ConvolutionFace.Output)
                Convolution.Forward<T>(sizes, memory.Of<T>(a), memory.Of<T>(b), memory.OfNullable<T>(bias), memory.Of<T>(y));
            else if (face == ConvolutionFace.Input)
                Convolution.Transposed<T>(sizes, memory.Of<T>(a), memory.Of<T>(b), memory.OfNullable<T>(bias), memory.Of<T>(y));
            else
                Convolution.OfWeight<T>(sizes, memory.Of<T>(a), memory.Of<T>(b), memory.Of<T>(y));
        }
    }
}

/// <summary>The rule of a <see cref="ConvolutionOp"/>: the product rule, and a sum over all but the channels for the bias.</summary>
internal struct ConvolutionRule(Here here, ConvolutionOp op, Tensor a, Tensor b) : IRule
{
    private BilinearFactors _saved = new(here, a, b);

    public readonly string NodeName => op.Face == ConvolutionFace.Weight ? "ConvolutionBackwardBackward0" : "ConvolutionBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor g = gradients[0]!;
        if (wanted[0])
        {
            Tensor b = _saved.Right(node);
            dx[0] = op.Face switch
            {
                ConvolutionFace.Output => op.Apply(ConvolutionFace.Input, g, b),
                ConvolutionFace.Input => op.Apply(ConvolutionFace.Output, g, b),
                _ => op.Apply(ConvolutionFace.Output, b, g),
            };
        }
        if (wanted[1])
        {
            Tensor a = _saved.Left(node);
            dx[1] = op.Face switch
            {
                ConvolutionFace.Output => op.Apply(ConvolutionFace.Weight, g, a),
                ConvolutionFace.Input => op.Apply(ConvolutionFace.Weight, a, g),
                _ => op.Apply(ConvolutionFace.Input, a, g),
            };
        }
        if (wanted[2]) dx[2] = g.Sum([0, .. Enumerable.Range(2, op.Form.Dims)]);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor? sum = t[0] is { } ta ? op.Apply(ta, _saved.Right(node)) : null;
        if (t[1] is { } tb) sum = Plus(sum, op.Apply(_saved.Left(node), tb));
        if (t[2] is { } tc)
        {
            Shape shape = op.Face == ConvolutionFace.Input ? op.Form.Input : op.Form.Output;
            int[] ones = [.. Enumerable.Repeat(1, op.Form.Dims)];
            sum = Plus(sum, tc.View([-1, .. ones]).Expand(shape));
        }
        dy[0] = sum;

        static Tensor Plus(Tensor? x, Tensor y) => x is null ? y : x + y;
    }

    public readonly void Show(SavedValues to)
    {
        _saved.Show(to, op.Face == ConvolutionFace.Weight ? ("grad_output", "input") : ("input", "weight"));
        op.Describe(to.Attributes);
    }

    public void Free() => _saved.Free();
}

public static partial class OpTable
{
    private static Op Conv1d => Op.Of(OpKind.Bilinear, "conv1d", (x, y) => Convolutions.Of("Conv1d", 1, x, y, null, 2, 1, 2, 1),
        new OpInput([2, 3, 9], Domain.Reals), new OpInput([4, 3, 3], Domain.Reals),
        new() { Formula = "Σ y[o, c, k]·x[n, c, l·s + k·d − p]", Torch = "F.conv1d(x, y, stride=2, padding=1, dilation=2)" });

    private static Op Conv2d => Op.Of(OpKind.Bilinear, "conv2d", (x, y, z) => Convolutions.Of("Conv2d", 2, x, y, z, default, 1, default, 1),
        new OpInput([2, 3, 4, 5], Domain.Reals), new OpInput([4, 3, 3, 2], Domain.Reals), new OpInput([4], Domain.Reals),
        new()
        {
            Formula = "Σ y[o, c, k]·x[n, c, l·s + k·d − p] + z[o]",
            Torch = "F.conv2d(x, y, z, padding=1)",
            Onnx = "Conv",
        });

    private static Op Conv2dSame => Op.Of(OpKind.Bilinear, "conv2d_same",
        (x, y) => Convolutions.Of("Conv2d", 2, x, y, null, default, ConvPadding.Same, (1, 2), 2),
        new OpInput([4, 4, 5], Domain.Reals), new OpInput([2, 2, 2, 3], Domain.Reals),
        new()
        {
            Formula = "Σ y[o, c, k]·x[c, l + k·d − p]",
            Torch = "F.conv2d(x, y, padding=\"same\", dilation=(1, 2), groups=2)",
        });

    private static Op Conv2dDepthwise => Op.Of(OpKind.Bilinear, "conv2d_depthwise",
        (x, y, z) => Convolutions.Of("Conv2d", 2, x, y, z, (2, 1), 1, default, 3),
        new OpInput([2, 3, 5, 4], Domain.Reals), new OpInput([3, 1, 3, 3], Domain.Reals), new OpInput([3], Domain.Reals),
        new()
        {
            Formula = "Σ y[c, k]·x[n, c, l·s + k − p] + z[c]",
            Torch = "F.conv2d(x, y, z, stride=(2, 1), padding=1, groups=3)",
        });

    private static Op Conv3d => Op.Of(OpKind.Bilinear, "conv3d",
        (x, y) => Convolutions.Of("Conv3d", 3, x, y, null, (1, 2, 1), (1, 0, 1), default, 1),
        new OpInput([1, 2, 2, 3, 4], Domain.Reals), new OpInput([2, 2, 2, 2, 3], Domain.Reals),
        new()
        {
            Formula = "Σ y[o, c, k]·x[n, c, l·s + k·d − p]",
            Torch = "F.conv3d(x, y, stride=(1, 2, 1), padding=(1, 0, 1))",
            // A gradient of 0.06 is what is left of products of up to 9.
            Slack = 2,
        });

    private static Op ConvTranspose1d => Op.Of(OpKind.Bilinear, "conv_transpose1d",
        (x, y) => Convolutions.OfTransposed("ConvTranspose1d", 1, x, y, null, 3, 1, 2, 1, 2),
        new OpInput([2, 3, 4], Domain.Reals), new OpInput([3, 2, 3], Domain.Reals),
        new()
        {
            Formula = "Σ y[o, c, k]·x[n, o, l] over i = l·s + k·d − p",
            Torch = "F.conv_transpose1d(x, y, stride=3, padding=1, output_padding=2, dilation=2)",
        });

    private static Op ConvTranspose2d => Op.Of(OpKind.Bilinear, "conv_transpose2d",
        (x, y, z) => Convolutions.OfTransposed("ConvTranspose2d", 2, x, y, z, (2, 1), default, default, 2, default),
        new OpInput([2, 4, 3, 3], Domain.Reals), new OpInput([4, 2, 3, 2], Domain.Reals), new OpInput([4], Domain.Reals),
        new()
        {
            Formula = "Σ y[o, c, k]·x[n, o, l] over i = l·s + k·d − p, + z[c]",
            Torch = "F.conv_transpose2d(x, y, z, stride=(2, 1), groups=2)",
            Onnx = "ConvTranspose",
        });

    private static Op ConvTranspose3d => Op.Of(OpKind.Bilinear, "conv_transpose3d",
        (x, y) => Convolutions.OfTransposed("ConvTranspose3d", 3, x, y, null, 2, 1, (1, 0, 1), 1, default),
        new OpInput([1, 2, 2, 2, 3], Domain.Reals), new OpInput([2, 2, 2, 3, 2], Domain.Reals),
        new()
        {
            Formula = "Σ y[o, c, k]·x[n, o, l] over i = l·s + k·d − p",
            Torch = "F.conv_transpose3d(x, y, stride=2, padding=1, output_padding=(1, 0, 1))",
        });
}
