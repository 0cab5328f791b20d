namespace Adjoint;

/// <summary>What a normalization saves: x, the weight, the mean, and r = 1/√(variance + ε).</summary>
internal struct NormalizationSaved(Here here, Tensor x, Tensor w, Tensor mean, Tensor inverse)
{
    private Saved _x = Saved.Input(here, x), _w = Saved.Input(here, w), _mean = Saved.Input(here, mean),
        _inverse = Saved.Input(here, inverse);

    internal readonly Tensor X(Node node) => _x.Get(node);

    internal readonly Tensor Weight(Node node) => _w.Get(node);

    internal readonly Tensor Mean(Node node) => _mean.Get(node);

    internal readonly Tensor Inverse(Node node) => _inverse.Get(node);

    internal readonly void Show(SavedValues to)
    {
        to.Add("input", _x);
        to.Add("weight", _w);
        to.Add("result1", _mean);
        to.Add("result2", _inverse);
    }

    internal void Free()
    {
        _x.Free();
        _w.Free();
        _mean.Free();
        _inverse.Free();
    }
}
