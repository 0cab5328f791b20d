namespace Adjoint.Nn;

/// <summary>
/// Layers that put further places around the last dimensions of inputs [N, C, …] or [C, …]: PyTorch's padding layers. Negative numbers
/// take places away.
/// </summary>
public abstract class PaddingLayer : Module
{
    private readonly PadMode _mode;
    private readonly double _value;

    private protected PaddingLayer(int dims, PadMode mode, Sizes padding, double value = 0)
    {
        int[] sizes = padding.Over(2 * dims, int.MinValue, GetType().Name, nameof(padding));
        (Padding, Dims, _mode, _value) = (Sizes.Of(sizes), dims, mode, value);
    }

    /// <summary>Places before and behind the last dimension, then before and behind the one before it, and so on.</summary>
    public Sizes Padding { get; }

    private protected int Dims { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        try
        {
            if (_mode != PadMode.Constant && input.NDim != Dims + 1 && input.NDim != Dims + 2)
                throw new ShapeException(
                    $"Pad: needs a tensor of {Dims + 1} dimensions, or of {Dims + 2} with a batch, but the shape is {input.Shape}.");
            return input.Pad([.. Padding], _mode, _value);
        }
        catch (TensorException e) when (e.IsOf(GetType().Name))
        {
            throw;
        }
    }

    /// <inheritdoc/>
    protected override string ExtraText => $"{Padding}";
}

/// <summary>One number around the last dimension.</summary>
/// <param name="padding">One number for all sides, or 2: before and behind the last dimension.</param>
/// <param name="value">The number; any number, NaN too.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ConstantPad1d(Sizes padding, double value) : PaddingLayer(1, PadMode.Constant, padding, value)
{
    /// <summary>The number that stands there.</summary>
    public double Value { get; } = value;

    /// <inheritdoc/>
    protected override string ExtraText => $"padding={Padding}, value={PythonText.Of(Value)}";
}

/// <summary>One number around the last 2 dimensions.</summary>
/// <param name="padding">One number for all sides, or 4: before and behind the last dimension, then the one before it.</param>
/// <param name="value">The number; any number, NaN too.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ConstantPad2d(Sizes padding, double value) : PaddingLayer(2, PadMode.Constant, padding, value)
{
    /// <summary>The number that stands there.</summary>
    public double Value { get; } = value;

    /// <inheritdoc/>
    protected override string ExtraText => $"padding={Padding}, value={PythonText.Of(Value)}";
}

/// <summary>One number around the last 3 dimensions.</summary>
/// <param name="padding">One number for all sides, or 6: before and behind the last dimension, then the one before it.</param>
/// <param name="value">The number; any number, NaN too.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ConstantPad3d(Sizes padding, double value) : PaddingLayer(3, PadMode.Constant, padding, value)
{
    /// <summary>The number that stands there.</summary>
    public double Value { get; } = value;

    /// <inheritdoc/>
    protected override string ExtraText => $"padding={Padding}, value={PythonText.Of(Value)}";
}

/// <summary>Zeros around the last dimension.</summary>
/// <param name="padding">One number for all sides, or 2: before and behind the last dimension.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ZeroPad1d(Sizes padding) : PaddingLayer(1, PadMode.Constant, padding);

/// <summary>Zeros around the last 2 dimensions.</summary>
/// <param name="padding">One number for all sides, or 4: before and behind the last dimension, then the one before it.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ZeroPad2d(Sizes padding) : PaddingLayer(2, PadMode.Constant, padding);

/// <summary>Zeros around the last 3 dimensions.</summary>
/// <param name="padding">One number for all sides, or 6: before and behind the last dimension, then the one before it.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ZeroPad3d(Sizes padding) : PaddingLayer(3, PadMode.Constant, padding);

/// <summary>Mirror images, without the edge itself, around the last dimension.</summary>
/// <param name="padding">One number for all sides, or 2: before and behind the last dimension.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ReflectionPad1d(Sizes padding) : PaddingLayer(1, PadMode.Reflect, padding);

/// <summary>Mirror images, without the edge itself, around the last 2 dimensions.</summary>
/// <param name="padding">One number for all sides, or 4: before and behind the last dimension, then the one before it.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ReflectionPad2d(Sizes padding) : PaddingLayer(2, PadMode.Reflect, padding);

/// <summary>Mirror images, without the edge itself, around the last 3 dimensions.</summary>
/// <param name="padding">One number for all sides, or 6: before and behind the last dimension, then the one before it.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ReflectionPad3d(Sizes padding) : PaddingLayer(3, PadMode.Reflect, padding);

/// <summary>The elements at the edges, again and again, around the last dimension.</summary>
/// <param name="padding">One number for all sides, or 2: before and behind the last dimension.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ReplicationPad1d(Sizes padding) : PaddingLayer(1, PadMode.Replicate, padding);

/// <summary>The elements at the edges, again and again, around the last 2 dimensions.</summary>
/// <param name="padding">One number for all sides, or 4: before and behind the last dimension, then the one before it.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ReplicationPad2d(Sizes padding) : PaddingLayer(2, PadMode.Replicate, padding);

/// <summary>The elements at the edges, again and again, around the last 3 dimensions.</summary>
/// <param name="padding">One number for all sides, or 6: before and behind the last dimension, then the one before it.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class ReplicationPad3d(Sizes padding) : PaddingLayer(3, PadMode.Replicate, padding);

/// <summary>The elements from the other ends around the last dimension.</summary>
/// <param name="padding">One number for all sides, or 2: before and behind the last dimension.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class CircularPad1d(Sizes padding) : PaddingLayer(1, PadMode.Circular, padding);

/// <summary>The elements from the other ends around the last 2 dimensions.</summary>
/// <param name="padding">One number for all sides, or 4: before and behind the last dimension, then the one before it.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class CircularPad2d(Sizes padding) : PaddingLayer(2, PadMode.Circular, padding);

/// <summary>The elements from the other ends around the last 3 dimensions.</summary>
/// <param name="padding">One number for all sides, or 6: before and behind the last dimension, then the one before it.</param>
/// <exception cref="ArgumentException">There are other numbers.</exception>
public sealed class CircularPad3d(Sizes padding) : PaddingLayer(3, PadMode.Circular, padding);
