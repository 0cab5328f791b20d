using System.Text;

namespace Adjoint;

/// <summary>What became of a capture, as text.</summary>
internal static class ReplayText
{
    internal static void Describe(Replay replay, StringBuilder text)
    {
        ReplayPlan plan = replay.Plan;
        int all = plan.Graph.Operations.Count, views = plan.Graph.Operations.Count(op => op.IsView);
        text.AppendLine($"for {replay.Signature}: {replay.Runs} runs, {replay.Verified} times verified");
        text.AppendLine($"  {all} operations, {views} of them views, which cost nothing; "
            + $"{plan.RemovedCount} left out since nobody reads them, {plan.SharedCount} since another one computed the same, "
            + $"{plan.FoldedCount} computed once");
        text.AppendLine($"  {plan.Steps.Length} steps: {string.Join(", ", Kinds(plan))}");
        TileStep[] tiles = [.. plan.Steps.OfType<TileStep>()];
        if (tiles.Length > 0)
            text.AppendLine($"  {tiles.Sum(step => step.Inner)} values of chains that never reach memory, in tiles of "
                + $"{string.Join(", ", tiles.Select(step => step.Size).Distinct().Order())} elements");
        string[] alone = [.. plan.Alone.Select(op => op.Name).Distinct().Order(StringComparer.Ordinal)];
        if (alone.Length > 0) text.AppendLine($"  element-wise, but by themselves for layout or dtype: {string.Join(", ", alone)}");
        long values = plan.Graph.Memories.Where(m => plan.Places[m.Index] == ReplayPlace.Shared).Sum(m => m.Bytes);
        long buffers = plan.Buffers.Sum(b => (long)b.Length * b.DType.Size);
        text.AppendLine($"  {values:N0} bytes of values in {buffers:N0} bytes of memory that every run uses again");
        string[] given = [.. plan.Given.Select(i => plan.Graph.Memories[i].Values[0].MadeBy?.Name).OfType<string>().Distinct()];
        if (given.Length > 0) text.AppendLine($"  memory of their own in every run: {string.Join(", ", given)}");
        if (!plan.Undo.IsEmpty)
            text.AppendLine($"  copied before every run, since {plan.Undo.LastThatMayThrow?.Name} may throw after changes: "
                + $"{plan.Undo.Changed.Count} tensors, {plan.Undo.Stateful.Count} states, {plan.Undo.Generators.Count} generators");
        if (replay.Trial.Calls > 0) text.AppendLine($"  {replay.Trial.Calls} calls of the function itself, to compare its time");
    }

    // The steps by kinds, the most frequent first.
    private static IEnumerable<string> Kinds(ReplayPlan plan) => plan.Steps.GroupBy(step => step.Kind)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.Count() == 1 ? group.Key : $"{group.Count()} {group.Key}");
}
