namespace Adjoint;

/// <summary>Writes the formulas of element-wise operations: the same rules as of every other reading, read as text.</summary>
internal static class HandFormula
{
    /// <summary>What a formula over text is asked for.</summary>
    internal interface IText
    {
        /// <summary>The formulas of the results, of the operands' elements; null where a result is not wanted.</summary>
        Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged;
    }

    /// <summary>Writes a loop over all elements of the results.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="dtype">In which the formula is computed.</param>
    /// <param name="results">Where the results go; of one shape.</param>
    /// <param name="operands">What the formula reads, broadcast to that shape; null for what it does not.</param>
    /// <param name="text">The formula.</param>
    /// <param name="names">What variables for parts are called: of a part, the number of the result that is being written, and the
    /// parts that the last result reads.</param>
    internal static void Write<TText>(
        Hand hand, DType dtype, HandTensor?[] results, HandTensor?[] operands, TText text,
        Func<CodeNode, int, HashSet<CodeNode>, string?>? names = null)
        where TText : struct, IText
    {
        HandTensor[] targets = [.. results.OfType<HandTensor>()];
        Shape shape = targets[0].Shape;
        HandTensor?[] given = [.. operands.Select(x => x is null ? null : hand.Apart(x, targets))];
        HandTensor[] all = [.. targets, .. given.OfType<HandTensor>().Select(x => x.Expanded(shape))];
        hand.Each(e =>
        {
            int next = targets.Length;
            HandTensor?[] elements = [.. given.Select(x => x is null ? null : e[next++])];
            HandTensor?[] goals = [.. results.Select((y, i) => y is null ? null : e[results[..i].Count(z => z is not null)])];
            var work = new Work<TText>(hand, goals, elements, text, names);
            Dispatch.Elements(dtype, ref work);
        }, all);
    }

    /// <summary>A formula of values; what it needs before stands on lines of its own.</summary>
    internal static string Line<TText>(Hand hand, string word, TText text, params ReadOnlySpan<string> values)
        where TText : struct, IText =>
        word == "float" ? Line<TText, float>(hand, text, values) : Line<TText, double>(hand, text, values);

    private static string Line<TText, T>(Hand hand, TText text, ReadOnlySpan<string> values) where TText : struct, IText where T : unmanaged
    {
        var x = new Code<T>[values.Length];
        for (int i = 0; i < x.Length; i++) x[i] = Code<T>.Named(values[i]);
        var code = new CodeWriter(Code<T>.Word, hand.Methods, hand.Temporary);
        string value = code.Text(text.Of(x)[0]!.Value.Node);
        foreach (string line in code.Lines) hand.Line(line);
        return value;
    }

    private readonly struct Work<TText>(
        Hand hand, HandTensor?[] targets, HandTensor?[] operands, TText text, Func<CodeNode, int, HashSet<CodeNode>, string?>? names)
        : IElementWork
        where TText : struct, IText
    {
        public void Floating<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => Run<T>();

        public void Whole<T>() where T : unmanaged, System.Numerics.IBinaryInteger<T> => Run<T>();

        private void Run<T>() where T : unmanaged
        {
            string word = Code<T>.Word;
            Hand writer = hand;
            Code<T>[] x = [.. operands.Select(operand => operand is null ? default : Operand<T>(writer, operand, word))];
            Code<T>?[] all = text.Of(x);
            HandTensor[] goals = [.. targets.Where((_, i) => all[i] is not null).Select(goal => goal!)];
            CodeNode[] y = [.. all.OfType<Code<T>>().Select(value => value.Node)];
            Func<CodeNode, int, HashSet<CodeNode>, string?>? naming = names;
            HashSet<CodeNode> ofLast = new(
                naming is null ? [] : y[^1].All(part => Array.Exists(y[..^1], other => ReferenceEquals(other, part))),
                ReferenceEqualityComparer.Instance);
            int now = 0;
            var code = new CodeWriter(
                word, hand.Methods, hand.Temporary, naming is null ? null : part => naming(part, now, ofLast));
            code.Expect(y);
            // What is read later as it was before is written last.
            List<(HandTensor Goal, string Value)> later = [];
            for (; now < y.Length; now++)
            {
                string value = code.Next(y[now]), place = hand.Element(goals[now]);
                if (Array.Exists(y[(now + 1)..], rest => code.Reads(rest, place)))
                {
                    value = code.Held(value);
                    code.IsAt(y[now], value);
                    later.Add((goals[now], value));
                }
                foreach (string line in code.Take()) hand.Line(line);
                if (later.Exists(l => ReferenceEquals(l.Goal, goals[now]))) continue;
                Store(goals[now], value, word);
                if (goals[now].Word == word && y[now] is not (CodeNode.Name or CodeNode.Constant)) code.IsAt(y[now], place);
            }
            foreach ((HandTensor goal, string value) in later) Store(goal, value, word);
        }

        private void Store(HandTensor goal, string value, string word) => hand.Store(goal, Hand.Converted(value, word, goal.Word));

        private static Code<T> Operand<T>(Hand hand, HandTensor x, string word) where T : unmanaged =>
            x.Memory.Role == GraphRole.Number && word is "float" or "double" && x.Memory.Role == GraphRole.Number
            ? Code<T>.Constant(x.Memory.Tensor!.AsNumber.ToDouble()) : Code<T>.Named(hand.Element(x, word));
    }
}
