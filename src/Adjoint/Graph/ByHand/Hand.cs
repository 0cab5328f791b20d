using System.Text.RegularExpressions;

namespace Adjoint;

/// <summary>
/// Writes the operations of a graph as C#. An operation's own file says how it is written, in the words of this class: operands,
/// elements, loops, methods at the end.
/// </summary>
internal sealed class Hand
{
    // A name, or an element of an array.
    private static readonly Regex s_simple = new(@"^\w+(\[[^\[\]]*\])?$", RegexOptions.CultureInvariant);

    private readonly HandLines _lines = new();
    private readonly HandNames _names = new();
    private readonly HandLoops _loops;
    private readonly HashSet<GraphMemory> _arrays;
    private readonly HashSet<GraphMemory> _remembered = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<GraphMemory> _temporary = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphMemory, double> _begun = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphMemory, GraphMemory> _standing = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(string, string)> _large = [];
    private GraphOperation _operation = null!;

    /// <param name="arrays">Memory of one number that is an array all the same, because a method takes it.</param>
    internal Hand(HashSet<GraphMemory> arrays)
    {
        _arrays = arrays;
        _loops = new HandLoops(_lines, _names);
    }

    /// <summary>The methods that stand at the end.</summary>
    internal CodeMethods Methods { get; } = new();

    /// <summary>Fields besides those of memory: counts of steps, generators.</summary>
    internal HandFields Fields { get; } = new();

    internal HandNames Names => _names;

    /// <summary>The operation that is being written.</summary>
    internal GraphOperation Operation => _operation;

    internal int Inputs => _operation.Inputs.Count;

    /// <summary>An operand; null for one that was left out.</summary>
    internal HandTensor? InputOrNull(int i) => i < _operation.Inputs.Count && _operation.Inputs[i] is { } x ? Of(x) : null;

    /// <summary>An operand.</summary>
    internal HandTensor Input(int i) => InputOrNull(i)!;

    /// <summary>A result; null for one that nobody asked for.</summary>
    internal HandTensor? ResultOrNull(int i) => _operation.Results[i] is { } y ? Of(y) : null;

    internal HandTensor Result => ResultOrNull(0)!;

    /// <summary>What the operation keeps for the backward pass besides.</summary>
    internal HandTensor? Saved(string name)
    {
        foreach ((string known, GraphTensor tensor) in _operation.Saved)
            if (known == name) return Of(tensor);
        return null;
    }

    /// <summary>A tensor of the graph, or of the parts that an operation is made of.</summary>
    internal HandTensor Of(GraphTensor x) =>
        _standing.TryGetValue(x.Value.Memory, out GraphMemory? standing) ? HandTensor.Of(x, standing) : HandTensor.Of(x, x.Value.Memory);

    /// <summary>A memory is what a part reads as another.</summary>
    internal void Stands(GraphMemory memory, GraphMemory part)
    {
        _standing[part] = memory;
        _names.Alias(part, memory);
    }

    /// <summary>A memory is an array, whatever its length.</summary>
    internal void IsArray(GraphMemory memory) => _temporary.Add(memory);

    /// <summary>A tensor that stands for an operand where only shapes, layouts and dtypes matter.</summary>
    internal Tensor StandIn(int i)
    {
        GraphTensor x = _operation.Inputs[i]!;
        GraphMemory memory = x.Value.Memory;
        if (memory.Role is GraphRole.Number or GraphRole.Asked) return x.ShownOf(memory.Tensor!);
        using Unrecorded _ = Unrecorded.Begin();
        return Tensor.Zeros([memory.Length], memory.DType).Alias(x.Shape, x.Strides.ToArray(), x.Offset);
    }

    /// <summary>Writes an operation; what it cannot say is refused.</summary>
    internal List<string> Write(GraphOperation operation)
    {
        GraphOperation outer = _operation;
        _operation = operation;
        if (operation.Call.Operation is not IByHand written) throw Refused("");
        try
        {
            return _lines.Inside(() => _lines.Scope(() => written.Write(this)));
        }
        catch (NotSupportedException e)
        {
            throw Refused(" " + e.Message);
        }
        finally
        {
            _operation = outer;
        }
    }

    /// <summary>The operation has no written form.</summary>
    internal GraphException Refused(string why) => GraphException.At(
        _operation.Line,
        $"{_operation.Name}: has no form written by hand, so the graph cannot be written as C#.{why} Graph.ToText() shows it.");

    /// <summary>Whether an optimizer remembers a memory already, so that it has a value before the first run.</summary>
    internal bool IsRemembered(GraphMemory memory) => _remembered.Contains(memory);

    /// <summary>An optimizer remembers this.</summary>
    internal void Remember(GraphMemory memory) => _remembered.Add(memory);

    /// <summary>What an optimizer remembers is this before the first step.</summary>
    internal void Begin(GraphMemory memory, double value) => _begun[memory] = value;

    /// <summary>What an optimizer remembers before the first step.</summary>
    internal double BeginOf(GraphMemory memory) => _begun.GetValueOrDefault(memory);

    /// <summary>The lines that a body writes, by themselves.</summary>
    internal List<string> Inside(Action body) => _lines.Inside(body);

    /// <summary>What variables of formulas are called, before their number.</summary>
    internal string Temporary => "t";

    /// <summary>An operand whose memory is written meanwhile: a copy of it, unless each element is read where it is written.</summary>
    internal HandTensor Apart(HandTensor x, params IReadOnlyList<HandTensor> targets)
    {
        bool isSafe = targets.All(y => !ReferenceEquals(x.Memory, y.Memory)
            || (x.Offset == y.Offset && x.Shape.Equals(y.Shape) && x.Strides.AsSpan().SequenceEqual(y.Strides)));
        if (isSafe) return x;
        HandTensor copy = New("before", x.Shape, x.DType);
        Copy(x, copy);
        return copy;
    }

    /// <summary>An array for what is computed on the way.</summary>
    internal HandTensor New(string stem, Shape shape, DType dtype)
    {
        var memory = new GraphMemory(-1, GraphRole.Result, dtype, shape.NumEl, null) { Name = stem };
        _temporary.Add(memory);
        string word = dtype.Row.CSharp;
        _lines.Add($"{word}[] {Name(memory)} = new {word}[{memory.Length}];");
        return HandTensor.Whole(memory, shape);
    }

    /// <summary>A tensor as rows of so many elements: itself, or a copy whose rows lie one after the other.</summary>
    internal HandTensor InRows(string stem, HandTensor x, int n)
    {
        Shape rows = [x.Shape.NumEl / n, n];
        if (Layout.ViewStrides(x.Shape, x.Strides, rows) is { } strides) return x.As(rows, strides, x.Offset);
        HandTensor copy = New(stem, x.Shape, x.DType);
        Copy(x, copy);
        return HandTensor.Whole(copy.Memory, rows);
    }

    /// <summary>An array of numbers that are always the same.</summary>
    internal void New(GraphMemory memory, Tensor value)
    {
        _temporary.Add(memory);
        List<string> lines = _lines.Inside(() => HandValues.Constant(this, HandTensor.Whole(memory, [memory.Length]), value));
        Line($"{memory.DType.Row.CSharp}[] {lines[0]}");
        foreach (string line in lines.Skip(1)) Line(line);
    }

    /// <summary>What can be brought in order, with the method that does: truth values as 0 and 1.</summary>
    internal HandTensor Ordered(HandTensor x)
    {
        if (x.DType.IsBool)
        {
            HandTensor numbers = New("bits", x.Shape, DType.UInt8);
            Copy(x, numbers);
            x = numbers;
        }
        Needs(HandOrderText.Order, x.Word);
        return x;
    }

    /// <summary>The type as which elements are compared: truth values as 0 and 1.</summary>
    internal static string Compared(string word) => word == "bool" ? "byte" : word;

    /// <summary>An array that lies as what an element-wise operation makes of a tensor.</summary>
    internal HandTensor NewLike(string stem, HandTensor x)
    {
        using Unrecorded _ = Unrecorded.Begin();
        Tensor shown = x.Shown().Abs();
        return New(stem, x.Shape, x.DType).As(x.Shape, shown.Strides.ToArray(), 0);
    }

    // Statements

    internal void Line(string line) => _lines.Add(line);

    /// <summary>Statements whose variables are their own.</summary>
    internal void Scope(Action body) => _lines.Scope(body);

    internal void Block(string head, Action body) => _lines.Block(head, body);

    /// <summary>Needs a method at the end.</summary>
    /// <param name="text">Its text, with <c>real</c> for the type of the numbers.</param>
    /// <param name="word">That type.</param>
    internal void Needs(string text, string word) => Methods.Add(CodeMethod.Of(text, word));

    /// <summary>Needs a method that has further lines, begun by ##, if what it is called for is large.</summary>
    internal void Needs(string text, string word, bool isLarge)
    {
        if (isLarge) _large.Add((text, word));
        Methods.Add(new CodeMethod($"{text}\n{word}", _ => CodeMethod.Of(text, word).Lines(Methods)
            .Where(line => !line.StartsWith("##", StringComparison.Ordinal) || _large.Contains((text, word)))
            .Select(line => line.StartsWith("## ", StringComparison.Ordinal) ? line[3..] : line)));
    }

    /// <summary>A loop over so many places.</summary>
    internal void For(string count, Action<string> body, string wished = "") => _loops.For(count, body, wished);

    /// <summary>Loops through the first dimensions of tensors, which have the same sizes there.</summary>
    internal void Over(int count, Action<HandTensor[]> body, params IReadOnlyList<HandTensor> tensors)
    {
        if (tensors.Any(x => x.Shape.NumEl == 0 && x.Shape.Sizes[..count].Contains(0))) return;
        _loops.Run(count, tensors, body);
    }

    /// <summary>Loops through all elements of tensors of one shape.</summary>
    internal void Each(Action<HandTensor[]> body, params IReadOnlyList<HandTensor> tensors) => Over(tensors[0].Shape.NDim, body, tensors);

    /// <summary>Loops through all rows along a dimension, which is all that is left of the tensors then.</summary>
    internal void Rows(int dim, Action<HandTensor[]> body, params IReadOnlyList<HandTensor> tensors)
    {
        int count = tensors[0].Shape.NDim;
        HandTensor[] last = [.. tensors.Select(x => count == 0 ? x.Expanded([1])
            : x.Permuted([.. Enumerable.Range(0, count).Where(d => d != dim), dim]))];
        Over(Math.Max(0, count - 1), body, last);
    }

    /// <summary>A fold of a row, or of what is computed from rows, as a variable.</summary>
    /// <param name="fold">What elements are combined by.</param>
    /// <param name="name">What the variable is called.</param>
    /// <param name="element">What is combined, of the rows' elements; null for the first row itself.</param>
    /// <param name="inPieces">Whether the kernel cuts it into pieces for several threads.</param>
    /// <param name="rows">What is left of them is gone through.</param>
    internal string Fold(
        HandFold fold, string name, Func<HandTensor[], string>? element, bool inPieces, params IReadOnlyList<HandTensor> rows)
    {
        HandTensor x = rows[0];
        string word = x.Word;
        int n = x.Shape.NumEl;
        string Of(HandTensor[] e) => element is null ? Element(e[0], word) : element(e);
        if (!x.DType.IsFloatingPoint || n < 32 / x.DType.Size)
        {
            Line($"{word} {name} = {fold.Start(word)};");
            Each(e => Line(fold.Add(this, name, Of(e), word)), rows);
            return name;
        }
        (int Size, int[] Strides)[] dims = HandLoops.Merged(x.Shape.NDim, [x]);
        if (element is not null || dims.Length > 1)
        {
            HandTensor terms = New("terms", x.Shape, x.DType);
            Each(e => Store(e[0], Of(e[1..])), [terms, .. rows]);
            (x, dims) = (terms, [(n, [1])]);
        }
        Line($"{word} {name} = {fold.OfRow(this, word, Whole(x), x.Place, $"{dims[0].Strides[0]}", n, inPieces)};");
        return name;
    }

    /// <summary>An elementary function of a value.</summary>
    internal string Apply<TOp>(string word, string value) where TOp : struct, IPrimitive =>
        word == "float" ? Apply<TOp, float>(value) : Apply<TOp, double>(value);

    /// <summary>An element-wise function of a variable, a number or an element.</summary>
    internal string Formula<TOp>(TOp op, string word, string value) where TOp : struct, IUnaryOp =>
        word == "float" ? Formula<TOp, float>(op, value) : Formula<TOp, double>(op, value);

    private string Formula<TOp, T>(TOp op, string value) where TOp : struct, IUnaryOp where T : unmanaged =>
        new CodeWriter(Code<T>.Word, Methods).Text(op.Value(Code<T>.Named(value)).Node);

    private string Apply<TOp, T>(string value) where TOp : struct, IPrimitive where T : unmanaged =>
        new CodeWriter(Code<T>.Word, Methods).Text(Code<T>.Apply<TOp>(Code<T>.Named(value)).Node);

    /// <summary>Gives a new array the numbers of a tensor that is always the same.</summary>
    internal void Constant(Tensor value) => HandValues.Constant(this, Result, value);

    /// <summary>target[…] = source[…], element by element; the source is broadcast and converted.</summary>
    internal void Copy(HandTensor source, HandTensor target) =>
        Each(e => Store(e[0], Element(e[1], target.Word)), target, source.Expanded(target.Shape));

    /// <summary>How something is added: of truth values either is true.</summary>
    internal static string Plus(string word) => word == "bool" ? "|=" : "+=";

    /// <summary>target[…] += source[…], one element after the other.</summary>
    internal void Add(HandTensor source, HandTensor target) =>
        Each(e => Line($"{Element(e[0])} {Plus(target.Word)} {Element(e[1], target.Word)};"), target, source.Expanded(target.Shape));

    // Elements

    /// <summary>The variable or the array.</summary>
    internal string Name(GraphMemory memory) => _names.Of(memory);

    /// <summary>Whether it is a variable and no array.</summary>
    internal bool IsVariable(GraphMemory memory) => memory.Length == 1 && !_arrays.Contains(memory) && !_temporary.Contains(memory);

    /// <summary>The array as a method takes it.</summary>
    internal string Whole(HandTensor x)
    {
        if (x.Memory.Length == 1 && !_temporary.Contains(x.Memory)) _arrays.Add(x.Memory);
        return Name(x.Memory);
    }

    /// <summary>An element, of whose dimensions none is left.</summary>
    internal string Element(HandTensor x) => x.Memory.Role switch
    {
        GraphRole.Number => Literal(x.Memory.Tensor!.AsNumber, x.Word),
        _ => IsVariable(x.Memory) ? Name(x.Memory) : $"{Name(x.Memory)}[{x.Place}]",
    };

    /// <summary>An element as a number of a type.</summary>
    internal string Element(HandTensor x, string word)
    {
        if (x.Memory.Role == GraphRole.Number) return Literal(x.Memory.Tensor!.AsNumber, word);
        string from = x.Memory.Role == GraphRole.Asked ? "double" : x.Word;
        return Converted(Element(x), from, word);
    }

    /// <summary>1 of a type, where the type must be said.</summary>
    internal static string One(string word) => word == "bool" ? "true" : Typed("1", word);

    /// <summary>0 of a type, where the type must be said.</summary>
    internal static string Zero(string word) => word == "bool" ? "false" : Typed("0", word);

    private static string Typed(string digit, string word) =>
        word switch { "float" => digit + "f", "double" => digit + ".0", "long" => digit + "L", "byte" => $"(byte){digit}", _ => digit };

    /// <summary>A value as one of another type.</summary>
    internal static string Converted(string value, string from, string to)
    {
        if (from == to) return value;
        string operand = s_simple.IsMatch(value) ? value : $"({value})";
        if (to == "bool") return $"{operand} != 0";
        if (from == "bool") return to is "float" or "double" ? $"({operand} ? 1{(to == "float" ? "f" : "d")} : 0)"
            : $"({to})({operand} ? 1 : 0)";
        return $"({to}){operand}";
    }

    /// <summary>target = value, for a value of the target's type.</summary>
    internal void Store(HandTensor target, string value) => _lines.Add($"{Element(target)} = {value};");

    /// <summary>A number as C# writes it.</summary>
    internal static string Literal(Number number, string word)
    {
        if (word == "bool") return number.ToDouble() != 0 ? "true" : "false";
        if (word is "float" or "double") return CodeWriter.Number(word == "float" ? (float)number.ToDouble() : number.ToDouble(), word);
        return word == "long" && !number.Fits(DType.Int32) ? $"{number.ToInt64()}L" : $"{number.ToInt64()}";
    }
}
