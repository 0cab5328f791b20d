namespace Adjoint.Nn;

/// <summary>
/// Sequences of several lengths, packed: the first elements of all, the longest sequence first, then the second elements of those that
/// have one, and so on. What recurrent layers take, without padding. Made by <see cref="Sequences"/>.
/// </summary>
public sealed class PackedSequence
{
    private readonly int[] _batchSizes;
    private readonly int[]? _sorted, _unsorted;

    /// <summary>Packed sequences of their parts.</summary>
    /// <param name="data">The elements [rows, …], step by step.</param>
    /// <param name="batchSizes">How many sequences each step has: above 0, never more than the step before, all rows together.</param>
    /// <param name="sortedIndices">Which sequence each of the sorted ones was, or null where they were in order.</param>
    /// <exception cref="ArgumentException">The sizes of the steps do not go down, or the indices are no permutation.</exception>
    /// <exception cref="ShapeException">The rows are not those of the steps.</exception>
    public PackedSequence(Tensor data, IReadOnlyList<int> batchSizes, IReadOnlyList<int>? sortedIndices = null)
    {
        data.Given();
        batchSizes.Given();
        if (data.NDim == 0) throw new ShapeException("PackedSequence: data must have rows, but its shape is [].");
        (Data, _batchSizes) = (data, [.. batchSizes.Given()]);
        Check("PackedSequence", _batchSizes, data.Shape[0], nameof(batchSizes));
        if (sortedIndices is null) return;
        _sorted = [.. sortedIndices];
        _unsorted = new int[_sorted.Length];
        Array.Fill(_unsorted, -1);
        for (int i = 0; i < _sorted.Length; i++)
        {
            if ((uint)_sorted[i] >= (uint)_sorted.Length || _unsorted[_sorted[i]] != -1 || _sorted.Length != _batchSizes[0])
                throw new ArgumentException(
                    $"PackedSequence: sortedIndices must be each of 0 to {_batchSizes[0] - 1} once, but are {string.Join(", ", _sorted)}.",
                    nameof(sortedIndices));
            _unsorted[_sorted[i]] = i;
        }
        if (_sorted.Length == 0) throw new ArgumentException("PackedSequence: sortedIndices must name every sequence.",
            nameof(sortedIndices));
    }

    /// <summary>The elements [rows, …].</summary>
    public Tensor Data { get; }

    /// <summary>How many sequences each step has.</summary>
    public IReadOnlyList<int> BatchSizes => _batchSizes;

    /// <summary>Which sequence each of the sorted ones was, or null where they were in order.</summary>
    public IReadOnlyList<int>? SortedIndices => _sorted;

    /// <summary>Where each sequence is among the sorted ones, or null where they were in order.</summary>
    public IReadOnlyList<int>? UnsortedIndices => _unsorted;

    /// <summary>The length of each sequence, in the order before they were sorted.</summary>
    public IReadOnlyList<int> Lengths
    {
        get
        {
            var lengths = new int[_batchSizes[0]];
            for (int i = 0; i < lengths.Length; i++) lengths[_sorted is null ? i : _sorted[i]] = _batchSizes.Count(size => size > i);
            return lengths;
        }
    }

    /// <summary>The same sequences with other elements, as a layer makes of each.</summary>
    /// <param name="data">[rows, …], as many rows as before.</param>
    /// <exception cref="ShapeException">There are other rows.</exception>
    public PackedSequence With(Tensor data) => new(data, _batchSizes, _sorted);

    /// <summary>The elements in another dtype.</summary>
    public PackedSequence To(DType dtype) => With(Data.To(dtype));

    /// <summary>The sequences, counted and measured.</summary>
    public override string ToString() =>
        $"PackedSequence(data={Data.Shape}, batch_sizes=[{string.Join(", ", _batchSizes)}]"
        + $"{(_sorted is null ? "" : $", sorted_indices=[{string.Join(", ", _sorted)}]")})";

    /// <summary>A state [layers, N, …] with the sequences in the order of the sorted ones.</summary>
    internal Tensor Sorted(Tensor state) => Chosen(state, _sorted, 1);

    /// <summary>A state [layers, N, …] with the sequences in the order before they were sorted.</summary>
    internal Tensor Unsorted(Tensor state) => Chosen(state, _unsorted, 1);

    internal static Tensor Chosen(Tensor x, int[]? indices, int dim)
    {
        if (indices is null) return x;
        if (x.NDim <= dim || x.Shape[dim] != indices.Length)
            throw new ShapeException($"PackedSequence: there are {indices.Length} sequences, but a state has shape {x.Shape}.");
        return x.IndexSelect(dim, Tensor.From(Array.ConvertAll(indices, i => (long)i)));
    }

    internal static void Check(string name, int[] batchSizes, int rows, string argument)
    {
        bool falls = batchSizes.Length > 0;
        long sum = 0;
        for (int t = 0; t < batchSizes.Length; t++)
        {
            falls &= batchSizes[t] > 0 && (t == 0 || batchSizes[t] <= batchSizes[t - 1]);
            sum += batchSizes[t];
        }
        if (!falls)
            throw new ArgumentException(
                $"{name}: {argument} must be above 0 and must not grow from step to step, but are {string.Join(", ", batchSizes)}.",
                argument);
        if (sum != rows)
            throw new ShapeException($"{name}: {argument} are {sum} rows together, but the data has {rows}.");
    }
}
