using System.Globalization;

namespace Adjoint.Tests.Printing;

/// <summary>A tensor in a format is its elements in that format, of every dtype, shape and layout (G16).</summary>
public class FormatTests
{
    private static readonly (string Name, Func<Tensor, Tensor> Of)[] Layouts =
    [
        ("contiguous", x => x), ("transposed", x => x.T.Contiguous().T),
            ("every second", x => Tensor.Stack([x, x], 2).Flatten(1)[.., TensorIndex.Slice(step: 2)]),
            ("expanded", x => x[..1].Expand(2, 3)),
        ("a part", x => x[1..]), ("a row", x => x[1]), ("without dimensions", x => x[1, 2]), ("one element", x => x[1.., 2..]),
        ("empty", x => x[..0]), ("a view that requires grad", x => x.DType.IsFloatingPoint ? x.Detach().RequiresGradInPlace() * 1 : x),
    ];

    [Fact]
    public void Every_element_is_formatted_as_its_number()
    {
        CultureInfo german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        int compared = 0;
        foreach (DType dtype in Enum.GetValues<DType>())
            foreach ((string layout, Func<Tensor, Tensor> lay) in Layouts)
                foreach (
                    string format in (string[])["F4", "E2", "0.00", "N1", "G", "R", "P0", "D3", "X2", "+0.0;-0.0", "Q7", "", " ", "F400"])
                    foreach (IFormatProvider? culture in (IFormatProvider?[])[null, german])
                    {
                        double fifth = dtype.IsFloatingPoint ? double.NaN : 7;
                        Tensor x = lay(Tensor.From([-1234.5678, 0.125, 200, 0, fifth, 3e-7], [2, 3]).To(dtype));
                        string what = $"'{format}' of {dtype}, {layout}";
                        Func<string> meant = () => Written(x.Detach(), x.NDim, format, culture ?? CultureInfo.InvariantCulture);
                        if (format.Length == 0) x.ToString(format, culture).ShouldBe(x.ToString(), what);
                        else if (Try(meant) is { } text) x.ToString(format, culture).ShouldBe(text, what);
                        else Should.Throw<FormatException>(() => x.ToString(format, culture), what);
                        if (culture is null && Try(meant) is not null && format == "F4") $"{x:F4}".ShouldBe(meant(), what);
                        compared++;
                    }
        compared.ShouldBeGreaterThan(1000);
    }

    private static string? Try(Func<string> text)
    {
        try
        {
            return text();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Written(Tensor x, int dims, string format, IFormatProvider culture)
    {
        if (dims > 0 && x.NumEl != 1) return $"[{string.Join(", ", Enumerable.Range(0, x.Shape[0]).Select(i => Part(x[i])))}]";
        if (x.NumEl == 0) return "[]";
        return x.DType switch
        {
            DType.Float32 => x.Item<float>().ToString(format, culture),
            DType.Float64 => x.Item<double>().ToString(format, culture),
            DType.Bool => x.Item<bool>().ToString(culture),
            _ => x.Item<long>().ToString(format, culture),
        };

        // One element in a row of several stands without brackets of its own.
        string Part(Tensor part) => part.NDim == 0 || part.NumEl != 1 ? Written(part, part.NDim, format, culture) : $"[{Part(part[0])}]";
    }
}
