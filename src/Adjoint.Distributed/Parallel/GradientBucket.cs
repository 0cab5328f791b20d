using System.Numerics;

namespace Adjoint.Distributed;

/// <summary>Gradients that are sent at once: one after the other in one tensor, and behind them for each whether it has one.</summary>
internal sealed class GradientBucket
{
    // Smaller memory is not a block of the pool, which never moves.
    private const int LeastElements = 512;

    private readonly Tensor[] _parameters;
    private readonly int[] _offsets;
    private readonly bool[] _filled;
    private readonly int _flags;

    internal GradientBucket(IReadOnlyList<Tensor> parameters)
    {
        _parameters = [.. parameters];
        _offsets = new int[_parameters.Length];
        _filled = new bool[_parameters.Length];
        for (int i = 0; i < _parameters.Length; i++)
        {
            _offsets[i] = _flags;
            _flags += _parameters[i].NumEl;
        }
        Flat = Tensor.Zeros([Math.Max(LeastElements, _flags + _parameters.Length)], _parameters[0].DType);
        Flat.KeepBeyondScopes();
        // A gradient that is a view of it does not give it back with itself.
        Flat.ShareMemory();
    }

    /// <summary>What is sent.</summary>
    internal Tensor Flat { get; }

    /// <summary>Sending it, once that has begun.</summary>
    internal Task? Sending { get; set; }

    internal int Missing { get; private set; }

    internal Tensor ParameterAt(int i) => _parameters[i];

    /// <summary>Begins a pass.</summary>
    internal void Begin()
    {
        Array.Clear(_filled);
        (Missing, Sending) = (_parameters.Length, null);
    }

    /// <summary>Puts in the gradient of a parameter, times a factor; says whether it was not there yet.</summary>
    /// <param name="i">Which parameter.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="counts">Whether it has a gradient in this pass.</param>
    internal bool Fill(int i, double factor, bool counts)
    {
        if (_filled[i]) return false;
        _filled[i] = true;
        Missing--;
        Tensor parameter = _parameters[i];
        if (parameter.DType != Flat.DType)
            throw new DTypeException(
                $"DistributedDataParallel: a parameter of shape {parameter.Shape} is {parameter.DType}, but was {Flat.DType} when the module "
                + "was made data parallel. Convert it before.");
        Tensor? gradient = parameter.GradOrNull is { } grad ? Elements.ToContiguous(grad.Detach()) : null;
        var work = new FillWork(Flat, _offsets[i], parameter.NumEl, gradient, factor, _flags + i, counts);
        Dispatch.Floating(Flat.DType, "DistributedDataParallel", ref work);
        return true;
    }

    /// <summary>Those that were not filled.</summary>
    internal IEnumerable<int> Unfilled => Enumerable.Range(0, _filled.Length).Where(i => !_filled[i]);

    /// <summary>Gives the parameters what was received, where any rank has had a gradient.</summary>
    internal void Empty(bool asView)
    {
        float[] had = new float[_parameters.Length];
        Flat[_flags..(_flags + _parameters.Length)].CopyTo(had.AsSpan());
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (had[i] == 0) continue;
            Tensor parameter = _parameters[i];
            Tensor received = Flat.Alias(parameter.Shape, null, _offsets[i]);
            if (asView) parameter.GradOrNull = received;
            else if (parameter.GradOrNull is { } grad) grad.Detach().CopyInPlace(received);
            else parameter.GradOrNull = received.Clone();
        }
    }

    private readonly struct FillWork(Tensor flat, int offset, int count, Tensor? gradient, double factor, int flag, bool counts)
        : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Span<T> all = memory.Of<T>(flat), part = all.Slice(offset, count);
            if (gradient is null) part.Clear();
            else Scaling.Scale<T>(memory.Of<T>(gradient), T.CreateChecked(factor), part);
            all[flag] = counts ? T.One : T.Zero;
        }
    }
}
