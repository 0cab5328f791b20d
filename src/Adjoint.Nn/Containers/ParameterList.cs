using System.Collections;

namespace Adjoint.Nn;

/// <summary>
/// A list of parameters that belong to the module which holds the list. Tensors are made parameters; their names are their places.
/// </summary>
public sealed class ParameterList : Module, IReadOnlyList<Tensor>
{
    private readonly List<Tensor> _parameters = [];

    /// <summary>
    /// A list of these tensors as parameters; a single tensor, which by itself would be the sequence of its rows, is one.
    /// </summary>
    // One constructor: beside another that takes a tensor, [a, b] would become one, a and b in rows.
    public ParameterList(params IEnumerable<Tensor> parameters) =>
        _parameters.AddRange(parameters is Tensor one ? [AsParameter(one)] : parameters.Elements().Select(AsParameter));

    /// <summary>The parameter at a place; what is assigned is made one.</summary>
    public Tensor this[int index] { get => _parameters[In(index)]; set => Put(index, value.Given()); }

    /// <summary>How many parameters.</summary>
    public int Count => _parameters.Count;

    /// <summary>Adds a parameter at the end.</summary>
    public void Add(Tensor tensor) => _parameters.Add(AsParameter(tensor.Given()));

    /// <summary>Adds a parameter at the end, and gives the list. (LINQ's word would make another sequence.)</summary>
    public ParameterList Append(Tensor tensor)
    {
        Add(tensor);
        return this;
    }

    /// <summary>Adds several parameters at the end.</summary>
    public void AddRange(IEnumerable<Tensor> tensors) =>
        _parameters.AddRange(tensors is Tensor one ? [AsParameter(one)] : tensors.Elements().Select(AsParameter));

    /// <inheritdoc/>
    public IEnumerator<Tensor> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Put(int index, Tensor tensor) => _parameters[In(index)] = AsParameter(tensor);

    private int In(int index) => (uint)index < (uint)Count ? index
        : throw new ArgumentOutOfRangeException(
            nameof(index), index, $"ParameterList: there is no place {index}; the list has {Count} parameters.");

    internal static Tensor AsParameter(Tensor tensor) => tensor.IsParameter ? tensor : tensor.AsParameter();

    /// <summary>The container and what is in it, in PyTorch's form.</summary>
    public override string ToString() =>
        ContainerText.Of(TypeName, _parameters.Select((p, i) => ($"{i}", p)), ContainerText.DTypeName);

    private protected override IEnumerable<Slot> Held => _parameters.Select((p, i) => new Slot($"{i}", p));
}
