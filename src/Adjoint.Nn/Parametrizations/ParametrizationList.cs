namespace Adjoint.Nn;

/// <summary>
/// The parametrizations of one tensor of a module, which are applied one after the other, and what the tensor is made of: <c>original</c>,
/// or <c>original0</c>, <c>original1</c>… Made by <see cref="Parametrize.RegisterParametrization"/>.
/// </summary>
public sealed class ParametrizationList : Module
{
    private readonly List<Module> _modules;
    private readonly Tensor[] _originals;
    private readonly bool _isOne;

    private ParametrizationList(Module first, Tensor[] originals, bool isOne) => (_modules, _originals, _isOne) = ([first], originals,
        isOne);

    /// <summary>The parametrizations in the order in which they are applied.</summary>
    public IReadOnlyList<Module> Parametrizations => _modules;

    /// <summary>What the tensor is made of.</summary>
    public IReadOnlyList<Tensor> Originals => _originals;

    internal bool IsOne => _isOne;

    /// <summary>The list of a tensor that had no parametrization before; of one original it stays the parameter that it is.</summary>
    internal static ParametrizationList Of(string place, Module first, Tensor tensor)
    {
        Tensor[] originals = [tensor];
        bool isOne = true;
        if (first is IRightInverse inverse)
        {
            using GradScope _ = Autograd.NoGrad();
            IReadOnlyList<Tensor> made = Made(place, inverse, tensor.Detach());
            isOne = made.Count == 1;
            if (isOne) Overwrite(place, tensor, made[0]);
            else
                originals = [.. made.Select(x => Like(x.Detach().Clone(), tensor))];
        }
        if (!isOne && first is not Module<IReadOnlyList<Tensor>, Tensor>)
            throw new ArgumentException(
                $"{place}: RightInverse gave {originals.Length} tensors, so the parametrization must be a Module<IReadOnlyList<Tensor>, Tensor>.");
        return new ParametrizationList(first, originals, isOne);
    }

    internal void Add(Module parametrization) => _modules.Add(parametrization);

    internal void RemoveLast() => _modules.RemoveAt(_modules.Count - 1);

    /// <summary>The value that the parametrizations make.</summary>
    internal Tensor Value()
    {
        Tensor x = _isOne ? _modules[0].Call(_originals[0]) : ((Module<IReadOnlyList<Tensor>, Tensor>)_modules[0]).Call(_originals);
        foreach (Module module in _modules[1..]) x = module.Call(x);
        return x;
    }

    /// <summary>Makes the originals those of which the value is.</summary>
    internal void Assign(string place, Tensor value)
    {
        using GradScope _ = Autograd.NoGrad();
        value = value.Detach();
        for (int i = _modules.Count - 1; i >= 0; i--)
        {
            if (_modules[i] is not IRightInverse inverse)
                throw new NotSupportedException(
                    $"{place}: cannot be assigned, because the parametrization {TypeText.Of(_modules[i].GetType())} has no RightInverse.");
            IReadOnlyList<Tensor> made = Made(place, inverse, value);
            if (made.Count != (i == 0 ? _originals.Length : 1))
                throw new ArgumentException($"{place}: RightInverse gave {made.Count} tensors, but the parametrization has {_originals.Length}.");
            if (i > 0) value = made[0];
            else
                for (int k = 0; k < made.Count; k++) Overwrite(place, _originals[k], made[k]);
        }
    }

    private static IReadOnlyList<Tensor> Made(string place, IRightInverse inverse, Tensor value)
    {
        IReadOnlyList<Tensor>? made = inverse.RightInverse(value);
        if (made is null || made.Count == 0 || made.Contains(null!))
            throw new InvalidOperationException($"{place}: RightInverse of {TypeText.Of(inverse.GetType())} must give one tensor or several.");
        return made;
    }

    private static void Overwrite(string place, Tensor original, Tensor value)
    {
        if (value.DType != original.DType)
            throw new DTypeException($"{place}: RightInverse must not change the dtype, but gave {value.DType} for {original.DType}.");
        if (ReferenceEquals(value, original) || (value.Shape.Equals(original.Shape) && value.SharesStorageWith(original))) return;
        if (value.Shape.Equals(original.Shape)) original.CopyInPlace(value);
        else original.ReplaceData(value.Detach().Clone());
    }

    internal static Tensor Like(Tensor x, Tensor original) => original.Role == TensorRole.Parameter
        ? x.AsParameter().RequiresGradInPlace(original.RequiresGrad) : x.AsBuffer();

    private protected override IEnumerable<Slot> Held =>
    [
        .. _originals.Select((x, i) => new Slot(_isOne ? "original" : $"original{i}", x)),
        .. _modules.Select((module, i) => new Slot(PythonText.Of(i), module)),
    ];
}
