namespace Adjoint;

/// <summary>
/// The history of a base of which a view was changed in place: the gradient of the changed part goes through the change, that of
/// the rest passes by. See Note [Views and in-place changes].
/// </summary>
internal sealed class CopySlices : Node
{
    private readonly Edge _base;
    private readonly Node _change;
    private readonly Shape _viewShape, _baseShape;
    private readonly int[] _viewStrides;
    private readonly int[]? _baseStrides;
    private readonly int _offset;
    private readonly DType _dtype;

    /// <param name="source">The base, still with its old history.</param>
    /// <param name="view">The view that was changed.</param>
    /// <param name="change">The change; its first input is the view.</param>
    internal CopySlices(Tensor source, Tensor view, Node change)
    {
        _base = source.GradientEdge;
        _change = change;
        _viewShape = view.Shape;
        _viewStrides = view.Strides.ToArray();
        _baseShape = source.Shape;
        _baseStrides = source.IsContiguous ? null : source.Strides.ToArray();
        _offset = view.Offset - source.Offset;
        _dtype = source.DType;
        Stamp(Here.Now, _base.Node is { } old && old.Sequence > change.Sequence ? old : change);
    }

    public override string Name => "CopySlices";

    /// <summary>The change of the view.</summary>
    internal Node Change => _change;

    internal override int InputCount => _change.InputCount;

    internal override Edge InputEdge(int index) => index == 0 ? _base : _change.InputEdge(index);

    internal override Tensor?[] Apply(Tensor?[] gradients)
    {
        if (gradients[0] is not { } g) return new Tensor?[InputCount];
        Tensor rest = CopyLikeBase(g);
        Tensor part = rest.AsStrided(_viewShape, _viewStrides, rest.Offset + _offset);
        Tensor?[] results = _change.Apply([part.Clone()]);
        if (results[0] is { } changed) part.CopyInPlace(changed);
        else part.ZeroInPlace();
        results[0] = rest;
        return results;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor whole = CopyLikeBase(tangents[0] ?? Tensor.Zeros(_baseShape, _dtype));
        Tensor part = whole.AsStrided(_viewShape, _viewStrides, whole.Offset + _offset);
        Tensor?[] inner = [.. tangents];
        if (tangents[0] is not null) inner[0] = part.Clone();
        if (_change.Jvp(inner)[0] is { } changed) part.CopyInPlace(changed);
        else part.ZeroInPlace();
        return [whole];
    }

    internal override void ReleaseSaved() => _change.ReleaseSaved();

    internal override bool HoldsSaved => _change.HoldsSaved;

    /// <summary>A copy of the gradient that lies in memory as the base does, so that the view's strides show the same part of it.</summary>
    private Tensor CopyLikeBase(Tensor g)
    {
        if (_baseStrides is null) return g.Clone();
        int extent = 1;
        for (int d = 0; d < _baseShape.NDim; d++) extent += (_baseShape[d] - 1) * _baseStrides[d];
        Tensor rest = Tensor.Zeros([Math.Max(extent, 0)], g.DType).AsStrided(_baseShape, _baseStrides, 0);
        rest.CopyInPlace(g);
        return rest;
    }
}
