using System.Text;

namespace Adjoint;

/// <summary>
/// A tensor as PyTorch prints it, to the character:
/// <c>tensor([[1.0000, 2.5000], [3.0000, 4.0000]], dtype=torch.float64, grad_fn=&lt;MulBackward0&gt;)</c>.
/// </summary>
internal sealed class TensorText
{
    private const string Prefix = "tensor(";

    private readonly IElements _elements;
    private readonly PrintOptions _options;
    private readonly bool _empty;
    private readonly bool _summarize;
    private readonly int[] _strides;
    private readonly ElementText _element;
    private readonly StringBuilder _text = new(Prefix);

    private TensorText(IElements elements, PrintOptions options)
    {
        _elements = elements;
        _options = options;
        _strides = new int[elements.Sizes.Length];
        int count = 1;
        for (int dim = _strides.Length - 1; dim >= 0; dim--)
        {
            _strides[dim] = count;
            count *= elements.Sizes[dim];
        }
        _empty = count == 0;
        _summarize = count > options.Threshold;
        _element = new ElementText(elements, _empty ? [] : Shown(0, 0), options);
    }

    /// <summary>The text of a tensor.</summary>
    /// <param name="elements">Its values.</param>
    /// <param name="options">How to write them.</param>
    /// <param name="history">What stands last, in order: <c>grad_fn=&lt;AddBackward0&gt;</c> or <c>requires_grad=True</c>, then a
    /// tangent.</param>
    public static string Of(IElements elements, PrintOptions options, params ReadOnlySpan<string> history)
    {
        var text = new TensorText(elements, options);
        if (text._empty) text._text.Append("[]");
        else text.Append(dim: 0, offset: 0);

        List<string> suffixes = [];
        if (text._empty && elements.Sizes.Length != 1) suffixes.Add($"size=({string.Join(", ", elements.Sizes.ToArray())})");
        if (!text.TellsDType) suffixes.Add("dtype=torch." + elements.DType.TorchName);
        suffixes.AddRange(history);
        return text.Finish(suffixes);
    }

    /// <summary>
    /// Whether the dtype can be told from the elements: <c>1.</c>, <c>1</c>, <c>True</c>; without elements it is float32.
    /// </summary>
    private bool TellsDType => _elements.DType.Row.IsDefault && (_elements.DType.IsFloatingPoint || !_empty);

    /// <summary>
    /// Writes the part of the tensor from <paramref name="offset"/> on, of which <paramref name="dim"/> dimensions are fixed.
    /// </summary>
    private void Append(int dim, int offset)
    {
        int rank = _strides.Length;
        if (dim == rank) _text.Append(_element.Of(offset));
        else if (dim == rank - 1) AppendRow(dim, offset);
        else AppendSlices(dim, offset);
    }

    private void AppendRow(int dim, int offset)
    {
        int indent = Prefix.Length + dim;
        int perLine = Math.Max(1, (_options.LineWidth - indent) / (_element.Width + 2));
        int written = 0;
        _text.Append('[');
        foreach (int? index in Indices(dim))
        {
            if (written > 0) _text.Append(written % perLine == 0 ? ",\n" + new string(' ', indent + 1) : ", ");
            _text.Append(index is int i ? _element.Of(offset + i) : _options.EdgeItems > 0 ? " ..." : "...");
            written++;
        }
        _text.Append(']');
    }

    /// <summary>Each slice on lines of its own, with an empty line between matrices, two between cubes, and so on.</summary>
    private void AppendSlices(int dim, int offset)
    {
        string separator = "," + new string('\n', _strides.Length - dim - 1) + new string(' ', Prefix.Length + dim + 1);
        bool first = true;
        _text.Append('[');
        foreach (int? index in Indices(dim))
        {
            if (!first) _text.Append(separator);
            if (index is int i) Append(dim + 1, offset + i * _strides[dim]);
            else _text.Append("...");
            first = false;
        }
        _text.Append(']');
    }

    /// <summary>The indices shown of a dimension; null stands for those left out.</summary>
    private IEnumerable<int?> Indices(int dim)
    {
        int size = _elements.Sizes[dim], edge = _options.EdgeItems;
        bool cut = _summarize && size > 2L * edge;
        for (int i = 0; i < (cut ? edge : size); i++) yield return i;
        if (!cut) yield break;
        yield return null;
        for (int i = size - edge; i < size; i++) yield return i;
    }

    /// <summary>The positions of the elements that are shown; they alone decide about notation and width.</summary>
    private IEnumerable<int> Shown(int dim, int offset) => dim == _strides.Length
        ? [offset]
        : Indices(dim).OfType<int>().SelectMany(i => Shown(dim + 1, offset + i * _strides[dim]));

    private string Finish(List<string> suffixes)
    {
        // PyTorch counts two characters more than the last line has; where it breaks, so do we.
        int lastLine = _text.Length - LastBreak() + 1;
        foreach (string suffix in suffixes)
        {
            if (lastLine + suffix.Length + 2 > _options.LineWidth)
            {
                _text.Append(",\n").Append(' ', Prefix.Length).Append(suffix);
                lastLine = Prefix.Length + suffix.Length;
            }
            else
            {
                _text.Append(", ").Append(suffix);
                lastLine += suffix.Length + 2;
            }
        }
        return _text.Append(')').ToString();
    }

    private int LastBreak()
    {
        int position = _text.Length - 1;
        while (position >= 0 && _text[position] != '\n') position--;
        return position;
    }
}
