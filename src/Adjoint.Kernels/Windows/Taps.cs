namespace Adjoint.Kernels;

/// <summary>
/// A sparse matrix along one dimension: output i is Σ weight·x[place] over the taps from Starts[i] to Starts[i + 1]. Windows of pooling
/// are such matrices, and the ways of interpolating; their transposes are what gradients go through.
/// </summary>
internal sealed class Taps
{
    private readonly double[]? _weights;
    private Taps? _transposed;
    private float[]? _singles;
    private TapColumns? _columns;

    /// <param name="inputs">How many elements there are along the dimension.</param>
    /// <param name="starts">Where the taps of each output begin, and behind the last where they end.</param>
    /// <param name="places">The element that each tap reads; all are below <paramref name="inputs"/>.</param>
    /// <param name="weights">What it is multiplied by; null for 1 everywhere.</param>
    public Taps(int inputs, int[] starts, int[] places, double[]? weights)
    {
        foreach (int place in places)
            if ((uint)place >= (uint)inputs) throw new ArgumentException($"A tap reads element {place} of {inputs}.");
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != places.Length
            || (weights is not null && weights.Length != places.Length))
            throw new ArgumentException($"{places.Length} taps are cut into outputs at {starts.Length} places.");
        for (int i = 1; i < starts.Length; i++)
            if (starts[i] < starts[i - 1]) throw new ArgumentException($"The taps of output {i - 1} end before they begin.");
        (Inputs, Starts, Places, _weights) = (inputs, starts, places, weights);
    }

    /// <summary>How many elements there are along the dimension.</summary>
    public int Inputs { get; }

    /// <summary>How many elements are made of them.</summary>
    public int Outputs => Starts.Length - 1;

    /// <summary>Where the taps of each output begin; one number more than outputs.</summary>
    public int[] Starts { get; }

    /// <summary>The element that each tap reads.</summary>
    public int[] Places { get; }

    /// <summary>What it is multiplied by; null for 1 everywhere.</summary>
    public double[]? Weights => _weights;

    /// <summary>Whether each output is the element of its own number.</summary>
    public bool IsIdentity
    {
        get
        {
            if (_weights is not null || Inputs != Outputs || Places.Length != Outputs) return false;
            for (int i = 0; i < Places.Length; i++)
                if (Places[i] != i || Starts[i] != i) return false;
            return true;
        }
    }

    /// <summary>The matrix with rows and columns exchanged; the taps of each output are in the order of what they read.</summary>
    public Taps Transposed => _transposed ??= Transpose();

    /// <summary>The longest run of outputs with the same number of taps, tap by tap.</summary>
    public TapColumns Columns => _columns ??= TapColumns.Of(this);

    /// <summary>The weights as numbers of a type; empty for 1 everywhere.</summary>
    public T[] WeightsOf<T>() where T : unmanaged
    {
        if (_weights is null) return [];
        if (typeof(T) == typeof(double)) return (T[])(object)_weights;
        return (T[])(object)(_singles ??= [.. _weights.Select(w => (float)w)]);
    }

    private Taps Transpose()
    {
        var starts = new int[Inputs + 1];
        foreach (int place in Places) starts[place + 1]++;
        for (int i = 0; i < Inputs; i++) starts[i + 1] += starts[i];
        int[] next = starts[..^1], places = new int[Places.Length];
        double[]? weights = _weights is null ? null : new double[Places.Length];
        for (int i = 0; i < Outputs; i++)
        {
            for (int t = Starts[i]; t < Starts[i + 1]; t++)
            {
                int at = next[Places[t]]++;
                places[at] = i;
                if (weights is not null) weights[at] = _weights![t];
            }
        }
        return new Taps(Outputs, starts, places, weights) { _transposed = this };
    }
}
