namespace Adjoint;

/// <summary>What a piece of memory is to a <see cref="Graph"/>.</summary>
public enum GraphRole
{
    /// <summary>Made by an operation of the graph, in every run anew.</summary>
    Result,

    /// <summary>An argument of the function that was captured.</summary>
    Input,

    /// <summary>A tensor that requires grad: what is trained.</summary>
    Parameter,

    /// <summary>A tensor from outside that the graph changes, such as a running mean.</summary>
    Buffer,

    /// <summary>A gradient that was there before and is added to.</summary>
    Gradient,

    /// <summary>What an optimizer remembers.</summary>
    State,

    /// <summary>A tensor from outside that is only read; the graph holds the tensor, so that it reads what it then is.</summary>
    Constant,

    /// <summary>A C# number that was an operand, as it was when the graph was captured.</summary>
    Number,

    /// <summary>A number that is asked for in every run: <see cref="Graph.Number"/>.</summary>
    Asked,
}

/// <summary>A piece of memory that a <see cref="Graph"/> reads or writes: that of a tensor and all its views.</summary>
/// <remarks>Two tensors are one memory if they are views of each other. Its contents over time are its <see cref="Values"/>.</remarks>
public sealed class GraphMemory
{
    private readonly List<GraphValue> _values = [];

    internal GraphMemory(int index, GraphRole role, DType dtype, int length, Tensor? tensor)
    {
        (Index, Role, DType, Length, Tensor) = (index, role, dtype, length, tensor);
        _values.Add(new GraphValue(this, 0, null));
    }

    /// <summary>Its number in <see cref="Graph.Memories"/>, in the order in which the graph meets them.</summary>
    public int Index { get; }

    /// <summary>What it is to the graph.</summary>
    public GraphRole Role { get; internal set; }

    /// <summary>
    /// What it is called: a parameter by its name in the module, an input as the caller wrote it, the gradient of <c>w</c>
    /// <c>w.grad</c>, what is computed by its operation and a number, a gradient on its way <c>d_</c> and what it is the gradient of.
    /// </summary>
    public string Name { get; internal set; } = "";

    /// <summary>The type of its elements.</summary>
    public DType DType { get; }

    /// <summary>How many elements it has.</summary>
    public int Length { get; }

    /// <summary>How many bytes it has.</summary>
    public long Bytes => (long)Length * DType.Size;

    /// <summary>The tensor that a run reads or writes; null for a result, which has none between runs.</summary>
    public Tensor? Tensor { get; internal set; }

    /// <summary>Its contents over time: as a run finds or makes it, and after each change in place.</summary>
    public IReadOnlyList<GraphValue> Values => _values;

    /// <summary>Whether a run leaves it changed: its last value is no longer the first, and it outlives the run.</summary>
    public bool IsChanged => Role != GraphRole.Result && _values.Count > 1;

    /// <summary>Its content now, while it is captured.</summary>
    internal GraphValue Latest => _values[^1];

    /// <summary>Asks for the number of a run, if its role is <see cref="GraphRole.Asked"/>.</summary>
    internal Func<double>? Ask { get; set; }

    /// <summary>Whose gradient it is, if its role is <see cref="GraphRole.Gradient"/>.</summary>
    internal Tensor? Leaf { get; set; }

    /// <summary>Where in it the argument begins, if its role is <see cref="GraphRole.Input"/>: what is seen of it is seen from there.
    /// </summary>
    internal int Start { get; set; }

    /// <summary>Whether C# code of the function makes it anew in every call, as <c>Tensor.From</c> does.</summary>
    internal bool IsMadeInside { get; set; }

    /// <summary>Whether its name is one that was given, not one that was made up.</summary>
    internal bool IsNamed { get; set; }

    internal GraphValue Change(GraphOperation by)
    {
        var value = new GraphValue(this, _values.Count, by);
        _values.Add(value);
        return value;
    }

    /// <summary>The first value of a result, which an operation made.</summary>
    internal GraphValue MadeBy(GraphOperation by) => _values[0] = new GraphValue(this, 0, by);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>The content of a <see cref="GraphMemory"/> between two changes: written once, by one operation, then only read.</summary>
public sealed class GraphValue
{
    internal GraphValue(GraphMemory memory, int version, GraphOperation? madeBy) => (Memory, Version, MadeBy) = (memory, version, madeBy);

    /// <summary>Whose content it is.</summary>
    public GraphMemory Memory { get; }

    /// <summary>How often the memory was changed in place before, within the graph.</summary>
    public int Version { get; }

    /// <summary>The operation that made it; null for what a run finds.</summary>
    public GraphOperation? MadeBy { get; }

    /// <summary>The operations that read it, in order; views are none of them.</summary>
    public IReadOnlyList<GraphOperation> ReadBy => Readers;

    internal List<GraphOperation> Readers { get; } = [];

    /// <summary>The name of the memory, with the version where that is not the first: <c>w'1</c>.</summary>
    public override string ToString() => Version == 0 ? Memory.Name : $"{Memory.Name}'{Version}";
}

/// <summary>
/// A tensor in a <see cref="Graph"/>: a <see cref="GraphValue"/> as its shape and strides show it. A view of a value is one too.
/// </summary>
public sealed class GraphTensor
{
    private readonly int[] _strides;

    internal GraphTensor(GraphValue value, Tensor of, GraphOperation? view)
    {
        (Value, Shape, Offset, View) = (value, of.Shape, of.Offset, view);
        _strides = of.Strides.ToArray();
        IsContiguous = of.IsContiguous;
    }

    internal GraphTensor(GraphValue value, Shape shape)
    {
        (Value, Shape, IsContiguous) = (value, shape, true);
        _strides = new int[shape.NDim];
        for (int d = shape.NDim - 1, step = 1; d >= 0; step *= Math.Max(1, shape[d--])) _strides[d] = step;
    }

    private GraphTensor(GraphTensor other, GraphValue value)
    {
        (Value, Shape, Offset, View, IsContiguous, _strides) =
            (value, other.Shape, other.Offset, other.View, other.IsContiguous, other._strides);
    }

    /// <summary>The same of another value.</summary>
    internal GraphTensor Of(GraphValue value) => new(this, value);

    /// <summary>The value it shows.</summary>
    public GraphValue Value { get; }

    /// <summary>Its sizes.</summary>
    public Shape Shape { get; }

    /// <summary>The type of its elements.</summary>
    public DType DType => Value.Memory.DType;

    /// <summary>How many elements of the memory lie between neighbours along each dimension.</summary>
    public ReadOnlySpan<int> Strides => _strides;

    /// <summary>Where in the memory its first element lies.</summary>
    public int Offset { get; }

    /// <summary>Whether its elements lie one after the other.</summary>
    public bool IsContiguous { get; }

    /// <summary>What it shows of a C# number: that as it stands, or a view, of shape [1] say, which is a tensor.</summary>
    internal Tensor ShownOf(Tensor number) =>
        Shape.NDim == 0 ? number : number.Alias(Shape, IsContiguous ? null : Strides.ToArray(), Offset);

    /// <summary>Whether it shows all of the memory, in order.</summary>
    public bool IsWhole => Offset == 0 && IsContiguous && Shape.NumEl == Value.Memory.Length;

    /// <summary>The operation that made the view; null for a tensor that is none.</summary>
    public GraphOperation? View { get; }

    /// <summary>The operation that its value comes from; null for what a run finds.</summary>
    public GraphOperation? MadeBy => Value.MadeBy;

    /// <summary>What it is called: the value's name, or that of the view.</summary>
    public string Name => View is { } view ? view.ViewName + (Value.Version == 0 ? "" : $"'{Value.Version}") : Value.ToString();

    /// <summary>Name, dtype and shape: <c>fc1.weight Float32[8, 6]</c>.</summary>
    public override string ToString() => $"{Name} {DType}{Shape}";

    internal bool Shows(GraphValue value, Tensor x) =>
        ReferenceEquals(Value, value) && Offset == x.Offset && Shape.Equals(x.Shape) && Strides.SequenceEqual(x.Strides);
}
