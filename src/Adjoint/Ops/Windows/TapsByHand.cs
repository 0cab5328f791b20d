using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Writes resampling as loops over tables of places and weights, one dimension after the other.</summary>
internal static class TapsByHand
{
    internal static void Write(Hand hand, TapsPlan plan)
    {
        HandTensor x = hand.Input(0), y = hand.Result;
        if (y.Shape.NumEl == 0) return;
        if (x.Shape.NumEl == 0)
        {
            hand.Each(e => hand.Store(e[0], "0"), y);
            return;
        }
        if (plan.DividesFirst && plan.Divisors.Length > 0)
        {
            HandTensor divided = plan.Order.Length == 0 ? y : hand.New("divided", x.Shape, x.DType);
            Divide(hand, x, divided, plan);
            if (plan.Order.Length == 0) return;
            x = divided;
        }
        if (plan.Order.Length == 0) hand.Copy(x, y);
        int first = x.Shape.NDim - plan.Axes.Length;
        int[] sizes = x.Shape.Sizes.ToArray();
        foreach (int axis in plan.Order)
        {
            sizes[first + axis] = plan.Axes[axis].Outputs;
            HandTensor to = axis == plan.Order[^1] ? y : hand.New("part", Shape.Of(sizes), x.DType);
            Sum(hand, x, to, first + axis, plan.Axes[axis]);
            x = to;
        }
        if (!plan.DividesFirst && plan.Divisors.Length > 0) Divide(hand, y, y, plan);
    }

    /// <summary>A table of numbers, as a variable.</summary>
    internal static string Table(Hand hand, string word, string stem, IEnumerable<string> numbers)
    {
        string name = hand.Names.Free(stem);
        foreach (string line in HandValues.Lines($"{word}[] {name} = [{string.Join(", ", numbers)}];")) hand.Line(line);
        return name;
    }

    /// <summary>Tables of the places of taps and of where those of each output begin.</summary>
    internal static (string Starts, string Places) Tables(Hand hand, Taps axis, string of = "") =>
        (Table(hand, "int", $"starts{of}", axis.Starts.Select(n => $"{n}")),
            Table(hand, "int", $"places{of}", axis.Places.Select(n => $"{n}")));

    private static void Sum(Hand hand, HandTensor x, HandTensor y, int dim, Taps axis)
    {
        string word = x.Word;
        (string starts, string places) = Tables(hand, axis);
        string? weights = axis.Weights is null ? null : Table(hand, word, "weights", axis.Weights.Select(w => Number(w, word)));
        bool hasNone = Window.Sizes(axis).Contains(0);
        hand.Rows(dim, e => hand.For($"{axis.Outputs}", i =>
        {
            string Term(string tap)
            {
                string element = hand.Element(e[0].At($"{places}[{tap}]"));
                return weights is null ? element : $"{element} * {weights}[{tap}]";
            }
            string from = $"{starts}[{i}]", start = Term(from);
            hand.Line($"{word} sum = {(hasNone ? $"{from} == {starts}[{i} + 1] ? 0 : {start}" : start)};");
            hand.Line($"for (int tap = {from} + 1; tap < {starts}[{i} + 1]; tap++) sum += {Term("tap")};");
            hand.Store(e[1].At(i), "sum");
        }), x, y);
    }

    private static void Divide(Hand hand, HandTensor x, HandTensor y, TapsPlan plan)
    {
        string word = x.Word;
        if (plan.Divisors.Length == 1)
        {
            hand.Each(e => hand.Store(e[1], $"{hand.Element(e[0])} / {Number(plan.Divisors[0], word)}"), x, y);
            return;
        }
        string table = Table(hand, word, "divisors", plan.Divisors.Select(d => Number(d, word)));
        var memory = new GraphMemory(-1, GraphRole.Result, x.DType, plan.Divisors.Length, null) { Name = table };
        HandTensor by = HandTensor.Whole(memory, Shape.Of(x.Shape.Sizes[^plan.Axes.Length..])).Expanded(x.Shape);
        hand.Each(e => hand.Store(e[1], $"{hand.Element(e[0])} / {table}[{e[2].Place}]"), x, y, by);
    }

    private static string Number(double value, string word) => CodeWriter.Number(word == "float" ? (float)value : value, word);
}
