using System.Text.Json;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint ops --json</c>: every operation with what it says of itself, and with numbers to try it on.</summary>
internal static class OpsJson
{
    public static void Write(TextWriter output, IEnumerable<OpEntry> entries) => JsonReport.Write(output, json =>
    {
        json.WriteStartArray("operations");
        foreach (OpEntry entry in entries) Write(json, entry);
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, OpEntry entry)
    {
        OpInfo info = entry.Op.Info;
        json.WriteStartObject();
        json.WriteString("name", entry.Op.Name);
        json.WriteString("kind", OpEntry.KindText(entry.Op.Kind));
        json.WriteString("formula", entry.Formula);
        json.WriteNumbers("parameters", entry.Parameters);
        Texts("derivatives", entry.Slopes);
        Text("gradient", entry.Slopes.Count == 0 ? entry.Derivative : "");
        Text("keeps", entry.Saves);
        Text("dtypes", entry.DTypes);
        if (info.Ulps is { } ulps) json.WriteNumbers("ulps", [("float32", ulps.Float32), ("float64", ulps.Float64)]);
        Texts("formula_names", info.FormulaNames);
        Texts("names_elsewhere", info.NamesElsewhere);
        Text("inverse", info.Inverse);
        Texts("facts", [.. OpEntry.FactWords(info.Facts)]);
        Text("latex", info.Latex);
        Text("dotnet", info.DotNet);
        Text("module", entry.Module);
        Text("torch", info.Torch);
        Text("node", entry.Node);
        Text("onnx", info.Onnx);
        json.WriteStartArray("inputs");
        foreach ((int i, OpInput input) in entry.Op.Inputs.Index()) Write(json, input, i);
        json.WriteEndArray();
        json.WriteEndObject();

        void Text(string property, string? text) { if (!string.IsNullOrEmpty(text)) json.WriteString(property, text); }

        void Texts(string property, IReadOnlyList<string> texts)
        {
            if (texts.Count == 0) return;
            json.WriteStartArray(property);
            foreach (string text in texts) json.WriteStringValue(text);
            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, OpInput input, int seed)
    {
        json.WriteStartObject();
        json.WriteStartArray("shape");
        foreach (int size in input.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("sample");
        foreach (double value in input.Sample(seed).ToArray<double>()) json.WriteAnyNumber(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
