using System.Globalization;
using System.Numerics;
using System.Text;

namespace Adjoint;

public sealed partial class Tensor : IFormattable
{
    /// <summary>
    /// The elements as .NET formats numbers: <c>$"{loss:F4}"</c> is <c>0.1235</c>. The element alone where there is one; otherwise
    /// rows in brackets, of which long ones show their edges as <see cref="PrintOptions.Current"/> says. Without a format as
    /// <see cref="ToString()"/>.
    /// </summary>
    /// <param name="format">A format of numbers, such as F4, E2 or 0.00; truth values take none.</param>
    /// <param name="formatProvider">The culture; by default the invariant one, so that a log reads the same everywhere.</param>
    /// <exception cref="FormatException">The numbers do not know the format.</exception>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        if (string.IsNullOrEmpty(format)) return ToString();
        return new FormattedElements(this, format, formatProvider ?? CultureInfo.InvariantCulture).Text();
    }

    private sealed class FormattedElements(Tensor tensor, string format, IFormatProvider provider)
    {
        private readonly IElements _elements = new InMemory(tensor);
        private readonly PrintOptions _options = PrintOptions.Current;
        private readonly StringBuilder _text = new();

        internal string Text()
        {
            if (tensor.NumEl == 1) return Element(0);
            Append(0, 0);
            return _text.ToString();
        }

        private void Append(int dim, int index)
        {
            if (dim == tensor.NDim)
            {
                _text.Append(Element(index));
                return;
            }
            int size = tensor.Shape[dim];
            bool long_ = tensor.NumEl > _options.Threshold && size > 2 * _options.EdgeItems;
            _text.Append('[');
            for (int i = 0; i < size; i++)
            {
                if (i > 0) _text.Append(", ");
                if (long_ && i == _options.EdgeItems)
                {
                    i = size - _options.EdgeItems - 1;
                    _text.Append("...");
                    continue;
                }
                Append(dim + 1, index * size + i);
            }
            _text.Append(']');
        }

        private string Element(int index)
        {
            if (tensor.DType.IsBool) return _elements.Whole(index) != 0 ? "True" : "False";
            if (!tensor.DType.IsFloatingPoint) return _elements.Whole(index).ToString(format, provider);
            var work = new RealText(_elements.Real(index), format, provider);
            Dispatch.Floating(tensor.DType, "ToString", ref work);
            return work.Text;
        }

        /// <summary>A number with the digits that its type has.</summary>
        private struct RealText(double value, string format, IFormatProvider provider) : IFloatingWork
        {
            public string Text { get; private set; } = "";

            public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
                Text = T.CreateTruncating(value).ToString(format, provider);
        }
    }
}
