using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Adjoint.Cli.Commands;

/// <summary>What <c>--json</c> prints: one object, indented, with formulas as they are written.</summary>
internal static class JsonReport
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object, whole or not at all.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>An object with a number for each name.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, string property, IEnumerable<(string Name, double Value)> numbers)
    {
        json.WriteStartObject(property);
        foreach (var (name, value) in numbers)
        {
            json.WritePropertyName(name);
            json.WriteAnyNumber(value);
        }
        json.WriteEndObject();
    }

    /// <summary>JSON has no infinities and no NaN: they are strings.</summary>
    public static void WriteAnyNumber(this Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A matrix as an array of rows.</summary>
    public static void WriteMatrix(this Utf8JsonWriter json, string property, int rows, int columns, Action<int, int> cell)
    {
        json.WriteStartArray(property);
        for (int i = 0; i < rows; i++)
        {
            json.WriteStartArray();
            for (int j = 0; j < columns; j++) cell(i, j);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }
}
