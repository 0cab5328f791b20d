namespace Adjoint;

/// <summary>
/// What may stand between the brackets of <c>x[…]</c>, for one dimension each: a number, <c>^1</c>, a range <c>1..3</c> or
/// <c>..</c>, <see cref="Slice"/> with a step, <see cref="NewAxis"/>, <see cref="Ellipsis"/>, or a tensor: Int64 places, or a
/// Bool mask (which stands for as many dimensions as it has).
/// </summary>
/// <remarks><c>using static Adjoint.TensorIndex;</c> lets one write <c>x[Ellipsis, NewAxis]</c>.</remarks>
public readonly struct TensorIndex
{
    internal enum Kind : byte { Number, Range, NewAxis, Ellipsis, Tensor }

    internal readonly Kind What;
    internal readonly int Start;
    internal readonly int? Stop;
    internal readonly int Step;
    internal readonly Tensor? Tensor;

    private TensorIndex(Kind what, int start = 0, int? stop = null, int step = 1, Tensor? tensor = null) =>
        (What, Start, Stop, Step, Tensor) = (what, start, stop, step, tensor);

    /// <summary>A new dimension of size 1.</summary>
    public static TensorIndex NewAxis => new(Kind.NewAxis);

    /// <summary>As many whole dimensions as are not named otherwise.</summary>
    public static TensorIndex Ellipsis => new(Kind.Ellipsis);

    /// <summary>The places start, start + step, … before stop; negative ones count from the end.</summary>
    /// <param name="start">The first; null for the beginning.</param>
    /// <param name="stop">Where to stop; null for the end.</param>
    /// <param name="step">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public static TensorIndex Slice(int? start = null, int? stop = null, int step = 1) => step > 0 ? new(Kind.Range, start ?? 0, stop, step)
        : throw new ArgumentOutOfRangeException(
            nameof(step), step, $"Slice: the step must be positive, but is {step}. Use Flip to go backwards.");

    /// <summary>One place; negative ones count from the end.</summary>
    public static implicit operator TensorIndex(int index) => new(Kind.Number, index);

    /// <summary>One place, such as <c>^1</c> for the last.</summary>
    /// <exception cref="TensorIndexException">It is <c>^0</c>, the place after the last.</exception>
    public static implicit operator TensorIndex(Index index) => index.IsFromEnd && index.Value == 0
        ? throw new TensorIndexException("Index: ^0 is the place after the last one; the last is ^1.")
        : new(Kind.Number, index.IsFromEnd ? -index.Value : index.Value);

    /// <summary>A range of places; <c>..</c> for all of the dimension.</summary>
    public static implicit operator TensorIndex(Range range)
    {
        // ^0 is the end, which no negative number can say.
        int start = range.Start.IsFromEnd ? range.Start.Value == 0 ? int.MaxValue : -range.Start.Value : range.Start.Value;
        int? stop = range.End.IsFromEnd ? range.End.Value == 0 ? null : -range.End.Value : range.End.Value;
        return new(Kind.Range, start, stop);
    }

    /// <summary>Int64 places, or a Bool mask.</summary>
    public static implicit operator TensorIndex(Tensor tensor) => new(Kind.Tensor, tensor: tensor.Given());

    /// <summary>A list of places.</summary>
    public static implicit operator TensorIndex(int[] places) =>
        new(Kind.Tensor, tensor: Adjoint.Tensor.From(Array.ConvertAll(places.Given(), i => (long)i)));

    /// <summary>A list of places.</summary>
    public static implicit operator TensorIndex(long[] places) => new(Kind.Tensor, tensor: Adjoint.Tensor.From(places.Given()));

    /// <summary>A mask.</summary>
    public static implicit operator TensorIndex(bool[] mask) => new(Kind.Tensor, tensor: Adjoint.Tensor.From(mask.Given()));
}
