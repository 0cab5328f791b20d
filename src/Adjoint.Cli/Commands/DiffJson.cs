using System.Text.Json;
using Adjoint.Symbolic;

namespace Adjoint.Cli.Commands;

/// <summary>What <c>adjoint diff --json</c> prints.</summary>
internal static class DiffJson
{
    public static void Write(
        TextWriter output, Expr f, List<(string Name, double Value)> point, IReadOnlyList<PartialDerivative> by,
        IReadOnlyList<Expr> derivatives, IReadOnlyList<MethodResult> results, IReadOnlyList<string> notes, Trace? trace)
    {
        string[] keys = [.. by.Select(Key)];
        JsonReport.Write(output, json =>
        {
            json.WriteString("formula", f.ToString());
            json.WriteNumbers("at", point);
            json.WritePropertyName("value");
            json.WriteAnyNumber(f.Evaluate([.. point]));
            json.WriteNumber("order", by.Select(d => d.Order).DefaultIfEmpty(1).First());
            json.WriteStartObject("derivatives");
            for (int i = 0; i < keys.Length; i++) json.WriteString(keys[i], derivatives[i].ToString());
            json.WriteEndObject();
            json.WriteStartObject("methods");
            foreach (var r in results)
            {
                json.WriteStartObject(r.Method.ToString().ToLowerInvariant());
                json.WriteNumbers("derivatives", [.. keys.Zip(r.Values)]);
                if (double.IsNaN(r.Digits)) json.WriteNull("digits");
                else json.WriteNumber("digits", Math.Round(r.Digits, 1));
                json.WriteString("cost", r.Cost);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteStartArray("notes");
            foreach (string note in notes) json.WriteStringValue(note);
            json.WriteEndArray();
            if (trace is not null) WriteTrace(json, trace, [.. by.SelectMany(d => d.Variables).Distinct()]);
        });
    }

    /// <summary>A derivative by one variable only is called by its name, whatever the order; a mixed one lists all: <c>x,x,y</c>.</summary>
    private static string Key(PartialDerivative d) => d.Variables.Distinct().Count() == 1 ? d.Variables[0] : d.ToString();

    private static void WriteTrace(Utf8JsonWriter json, Trace trace, IReadOnlyList<string> by)
    {
        json.WriteStartObject("trace");
        Lines("primal", trace.Lines.Select(l => (l.Name, l.Formula, l.Value)));
        foreach (string v in by) Lines("tangent_" + v, trace.Tangents(v).Select(l => (l.Name, l.Formula, l.Value)));
        Lines("adjoint", trace.Adjoints().Select(s => (s.Name, s.Formula, s.Value)));
        json.WriteEndObject();

        void Lines(string name, IEnumerable<(string Name, Expr Formula, double Value)> lines)
        {
            json.WriteStartArray(name);
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteString("name", line.Name);
                json.WriteString("formula", line.Formula.ToText());
                json.WritePropertyName("value");
                json.WriteAnyNumber(line.Value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }
}
