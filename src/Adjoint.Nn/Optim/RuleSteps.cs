using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Optim;

/// <summary>The step of a rule: over the parameters of a group as a kernel, and written by hand from the same formula.</summary>
internal static class RuleSteps<TRule, [DynamicallyAccessedMembers(
    DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] TOptions>
    where TRule : struct, IUpdateRule<TOptions> where TOptions : class
{
    /// <summary>How many numbers of a parameter a rule may remember.</summary>
    internal const int Most = 3;

    /// <summary>Steps all parameters of a group that have a gradient, in place.</summary>
    /// <param name="optimizer">Whose they are.</param>
    /// <param name="group">The group.</param>
    /// <param name="options">Its options.</param>
    /// <param name="begin">What is remembered before the first step.</param>
    internal static void Step(Optimizer optimizer, ParamGroup group, TOptions options, double begin = 0)
    {
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } grad) continue;
            Dictionary<string, object?> state = optimizer.Memory(p);
            StepNumber count = TRule.CountsSteps ? optimizer.CountStep(state) : 0, kept = Kept(state);
            StepNumbers numbers = TRule.AtStep(count, ref kept, options);
            if (TRule.KeptNumber is { } name) state[name] = kept.Value;
            Tensor? Part(int i) => IsRemembered(i, options) ? optimizer.Begun(state, TRule.Remembered[i], p, begin) : null;
            Tensor? first = Part(0), second = Part(1), third = Part(2);
            // A rule may be anybody's, and do anything while it runs.
            UserFormula<TRule>.Share(p, grad, first, second, third);
            ParameterStep.Apply(p, grad, new Kernel(options, numbers, first, second, third));
        }
    }

    private static bool IsRemembered(int part, TOptions options) => part < TRule.Remembered.Count && TRule.Remembers(part, options);

    private static StepNumber Kept(Dictionary<string, object?> state)
    {
        if (TRule.KeptNumber is not { } name || !state.TryGetValue(name, out object? before)) return 1;
        return before as double? ?? throw new InvalidOperationException(
            $"{TRule.Name}: the number that is kept as \"{name}\" must be a double, but is {before?.GetType().Name ?? "null"}.");
    }

    /// <summary>Writes the step of a parameter. Wherever the rate stands by itself, it is a field.</summary>
    internal static void Write(HandStep step, TOptions options, double begin = 0)
    {
        OptionView view = OptionView.Of<TOptions>();
        int lr = view.IndexOf("lr");
        // Which numbers are the rate is found with two that nothing else is.
        string[] known = lr < 0 ? [] : With(HandStep.Sentinel);
        bool isField = lr >= 0 && known.AsSpan().SequenceEqual(With(HandStep.OtherSentinel))
            && Array.Exists(known, line => line.Contains(HandStep.RateMark, StringComparison.Ordinal));
        if (lr >= 0 && !isField)
            step.Hand.Line($"// The rate is part of other numbers here, which stay as they were: {HandStep.Text(step.Group.Lr)}.");
        foreach (string line in isField ? step.WithRate(known) : Lines(step, options, begin)) step.Hand.Line(line);

        string[] With(double rate)
        {
            var other = (TOptions)view.With(options, [new(view.Names[lr], rate)]);
            return [.. Lines(step, other, begin).Select(line => step.Marked(line, rate))];
        }
    }

    private static List<string> Lines(HandStep step, TOptions options, double begin) => step.Hand.Inside(() =>
    {
        StepNumber count = 0, kept = 1;
        if (TRule.CountsSteps) count = StepNumber.Named(step.Count());
        string? keptField = TRule.KeptNumber is { } keptName ? step.Kept(keptName) : null;
        if (keptField is not null) kept = StepNumber.Named(keptField);
        StepNumbers numbers = TRule.AtStep(count, ref kept, options);
        string[] names = step.Numbers(numbers, keptField, kept);
        HandTensor?[] parts = [.. Enumerable.Range(0, Most).Select(i => IsRemembered(i, options)
            ? step.Remembered(TRule.Remembered[i], begin) : null)];
        step.Each([.. parts, step.P], [step.P, step.G, .. parts], new Text(options, names, [.. parts.Select(part => part is not null)]));
    });

    /// <summary>The formula of a step: the rule itself.</summary>
    private readonly struct Text(TOptions options, string[] names, bool[] remembers) : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged
        {
            var state = new UpdateState<Code<T>> { First = x[2], Second = x[3], Third = x[4] };
            if (names[0].Length > 0) state.FirstNumber = Code<T>.Named(names[0]);
            if (names[1].Length > 0) state.SecondNumber = Code<T>.Named(names[1]);
            if (names[2].Length > 0) state.ThirdNumber = Code<T>.Named(names[2]);
            Code<T> p = x[0];
            TRule.Update(ref p, x[1], ref state, options);
            return [remembers[0] ? state.First : null, remembers[1] ? state.Second : null, remembers[2] ? state.Third : null, p];
        }
    }

    private readonly struct Kernel(TOptions options, StepNumbers numbers, Tensor? first, Tensor? second, Tensor? third) : IParameterStep
    {
        public static string Name => TRule.Name;

        public void Run<T>(Span<T> parameter, ReadOnlySpan<T> gradient) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            RuleStep.Run<TRule, TOptions, T>(
                options, numbers, parameter, gradient, memory.OfNullable<T>(first), memory.OfNullable<T>(second),
                memory.OfNullable<T>(third));
        }
    }
}
