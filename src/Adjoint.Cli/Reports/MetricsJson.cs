using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Adjoint.Cli.Training;
using Adjoint.Training;

namespace Adjoint.Cli.Reports;

/// <summary>Writes metrics.json.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]    // a diverged loss is "NaN"
[JsonSerializable(typeof(TrainingReport))]
internal sealed partial class MetricsJson : JsonSerializerContext
{
    public static void Write(Stream stream, TrainingReport report)
    {
        JsonSerializer.Serialize(stream, report, Default.TrainingReport);
        stream.WriteByte((byte)'\n');
    }
}

/// <summary>The points as <c>[[epoch, loss], …]</c> on one line, with the six digits that mean something.</summary>
internal sealed class LossCurveConverter : JsonConverter<IReadOnlyList<LossPoint>>
{
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<LossPoint> value, JsonSerializerOptions options) =>
        writer.WriteRawValue("[" + string.Join(", ", value.Select(point => $"[{Number(point.Epoch)}, {Number(point.Loss)}]")) + "]");

    public override IReadOnlyList<LossPoint> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return [.. document.RootElement.EnumerateArray().Select(pair => new LossPoint(Number(pair[0]), Number(pair[1])))];
    }

    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("G6", CultureInfo.InvariantCulture) : $"\"{value.ToString(CultureInfo.InvariantCulture)}\"";

    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();
}

/// <summary>A matrix of counts, each row on one line.</summary>
internal sealed class RowsConverter : JsonConverter<int[][]>
{
    public override void Write(Utf8JsonWriter writer, int[][] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (int[] row in value) writer.WriteRawValue($"[{string.Join(", ", row)}]");
        writer.WriteEndArray();
    }

    public override int[][] Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return [.. document.RootElement.EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray())];
    }
}
