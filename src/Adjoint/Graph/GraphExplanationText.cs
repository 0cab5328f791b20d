using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>A <see cref="GraphExplanation"/> as text for people.</summary>
internal static class GraphExplanationText
{
    internal static string Of(GraphExplanation of, int most)
    {
        var text = new StringBuilder();
        string gradient = of.Gradient is { } g ? GraphText.Number(g) : "none";
        text.Append(CultureInfo.InvariantCulture, $"the gradient of {of.Name} = {GraphText.Number(of.Value)} is {gradient}\n");
        if (of.Causes.Count > 0) text.Append(Heading(of.Reason)).Append('\n');
        foreach (GraphCause cause in of.Causes.Take(most)) text.Append("  ").Append(cause).Append('\n');
        if (of.Reason != GraphReason.Missing)
        {
            foreach (GraphCause cut in of.Cuts.Take(most)) text.Append("a way is cut:  ").Append(cut).Append('\n');
            Terms(text, of, most);
            // Nothing but zeros is said once.
            bool any = of.Terms.Any(term => term.Contribution != 0);
            if (any) Shares(text, "by example", of.Examples, of.Gradient, most);
            if (any && of.Operations.Count > 1) Shares(text, "by use", of.Operations, of.Gradient, most);
            if (of.Changed is { } changed)
            {
                text.Append(
                    CultureInfo.InvariantCulture, $"{changed.Name} was changed since, so ways and paths are not looked up any more\n");
            }
            else
            {
                if (any && of.Paths.Count > 1) Shares(text, "by path", of.Paths, of.Gradient, most);
                Way(text, of, most);
            }
        }
        foreach (GraphCause after in of.Afterwards) text.Append("besides:  ").Append(after).Append('\n');
        return text.ToString();
    }

    private static string Heading(GraphReason reason) => reason switch
    {
        GraphReason.Missing => "why there is none",
        GraphReason.Zero => "why it is 0",
        GraphReason.Huge => "why it is so large",
        GraphReason.Tiny => "why it is so small",
        GraphReason.NotFinite => "what is not finite",
        _ => "what made it so",
    };

    private static void Terms(StringBuilder text, GraphExplanation of, int most)
    {
        if (of.Terms.Count == 0) return;
        text.Append(CultureInfo.InvariantCulture, $"it is the sum of {of.Terms.Count} term{(of.Terms.Count == 1 ? "" : "s")}\n");
        foreach (GraphTerm term in of.Terms.Take(most)) text.Append("  ").Append(term).Append('\n');
        Rest(text, of.Terms.Skip(most).Select(term => term.Contribution));
    }

    private static void Shares(StringBuilder text, string title, IReadOnlyList<GraphShare> shares, double? whole, int most)
    {
        if (shares.Count == 0) return;
        text.Append(title).Append('\n');
        int width = shares.Take(most).Max(share => share.Name.Length);
        foreach (GraphShare share in shares.Take(most))
        {
            double percent = share.Contribution / (whole ?? 0) * 100;
            // Adding 0 leaves no −0.
            // Of what cancels nearly all there are no parts.
            string part = Math.Abs(percent) < 10_000 && double.IsFinite(whole ?? 0)
                ? string.Create(CultureInfo.InvariantCulture, $"{(Math.Abs(percent) < 0.05 ? 0 : percent),9:F1} %") : "";
            text.Append(CultureInfo.InvariantCulture, $"  {share.Name.PadRight(width)}  {GraphText.Number(share.Contribution),14}{part}\n");
        }
        Rest(text, shares.Skip(most).Select(share => share.Contribution));
    }

    private static void Rest(StringBuilder text, IEnumerable<double> rest)
    {
        double[] all = [.. rest];
        if (all.Length > 0) text.Append(CultureInfo.InvariantCulture, $"  … {all.Length} more, together {GraphText.Number(all.Sum())}\n");
    }

    private static void Way(StringBuilder text, GraphExplanation of, int most)
    {
        if (of.Way.Count == 0 || of.Reason == GraphReason.Zero) return;
        text.Append("one way, number by number, by the largest contribution each time\n");
        string[] numbers = [.. of.Way.Select(step => $"{step.Name} = {GraphText.Number(step.Number)}")];
        int width = numbers.Max(number => number.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (i == most && numbers.Length > 2 * most)
            {
                text.Append(CultureInfo.InvariantCulture, $"  … {numbers.Length - 2 * most} more\n");
                i = numbers.Length - most;
            }
            text.Append(CultureInfo.InvariantCulture, $"  {numbers[i].PadRight(width)}  · {GraphText.Number(of.Way[i].Factor)}\n");
        }
        if (!of.IsByFormula) return;
        double began = of.Way[^1].Gradient, all = of.Way.Aggregate(began, (product, step) => product * step.Factor);
        if (began != 1) text.Append(CultureInfo.InvariantCulture, $"  the gradient of {of.Way[^1].Name}  · {GraphText.Number(began)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  its factors together: {GraphText.Number(all)}\n");
    }
}
