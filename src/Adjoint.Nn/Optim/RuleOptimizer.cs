using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Optim;

/// <summary>
/// An optimizer that is a rule for one number: the step is fused and runs on all cores, for float32 and float64. Options and what is
/// remembered are saved under their names.
/// </summary>
/// <typeparam name="TRule">The rule.</typeparam>
/// <typeparam name="TOptions">Its options, a record; an option <c>Lr</c> is what schedules change.</typeparam>
/// <example><code>
/// sealed record SignOptions(double Lr = 1e-4);
///
/// readonly struct SignRule : IUpdateRule&lt;SignOptions&gt;
/// {
///     public static string Name => "sign_step";
///     public static IReadOnlyList&lt;string&gt; Remembered => [];
///     public static void Update&lt;V&gt;(ref V p, V g, ref UpdateState&lt;V&gt; state, SignOptions o)
///         where V : IAlgebra&lt;V&gt; => p -= o.Lr * g.Sign();
/// }
///
/// sealed class SignDescent(IEnumerable&lt;Tensor&gt; parameters, SignOptions options)
///     : RuleOptimizer&lt;SignRule, SignOptions&gt;(parameters, options);
///
/// var optimizer = new SignDescent(net.Parameters(), new SignOptions(Lr: 1e-4));
/// </code></example>
public abstract class RuleOptimizer<TRule, [DynamicallyAccessedMembers(
    DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] TOptions> : Optimizer<TOptions>
    where TRule : struct, IUpdateRule<TOptions>
    where TOptions : class
{
    private const int Most = 3;

    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    [OverloadResolutionPriority(1)]
    protected RuleOptimizer(IEnumerable<Tensor> parameters, TOptions options) : this([ParamGroup.All(parameters)], options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, which may have options of their own by name.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="options">The options of groups that do not give them.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    protected RuleOptimizer(IEnumerable<ParamGroup> groups, TOptions options) : base(groups, options)
    {
        IReadOnlyList<string> remembered = TRule.Remembered
            ?? throw new NotSupportedException($"{TRule.Name}: Remembered is null. A rule that remembers nothing gives an empty list.");
        if (remembered.Count > Most)
            throw new NotSupportedException(
                $"{TRule.Name}: a rule remembers at most {Most} numbers, but this one names {remembered.Count}. Derive "
                + "from Optimizer<TOptions> instead.");
        var names = new HashSet<string>(StringComparer.Ordinal) { "step" };
        foreach (string name in remembered)
            if (!names.Add(name ?? ""))
                throw new NotSupportedException(
                    $"{TRule.Name}: what is remembered is saved under its name, but \"{name}\" is "
                    + $"{(name == "step" ? "that of the count of steps" : "there twice")}. Give each part a name of its own.");
    }

    internal sealed override bool StepsEachAlone => true;

    /// <inheritdoc/>
    protected sealed override void Step(ParamGroup group, TOptions options)
    {
        IReadOnlyList<string> names = TRule.Remembered;
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } grad) continue;
            Dictionary<string, object?> state = Memory(p);
            TOptions now = TRule.AtStep(options, (long)NextStep(state))
                ?? throw new InvalidOperationException($"{TRule.Name}: AtStep must return options, but returned null.");
            Tensor? Part(int i) => i < names.Count ? Remembered(state, names[i], p) : null;
            Tensor? first = Part(0), second = Part(1), third = Part(2);
            // A rule may be anybody's, and do anything while it runs.
            UserFormula<TRule>.Share(p, grad, first, second, third);
            ParameterStep.Apply(p, grad, new Kernel(now, first, second, third));
        }
    }

    internal sealed override void Write(HandStep step, TOptions options)
    {
        // Options of another step would be other numbers in the text.
        if (!ReferenceEquals(TRule.AtStep(options, 1), options))
            throw step.Hand.Refused($" The options of {TRule.Name} depend on the count of steps.");
        HandTensor?[] parts = [.. Enumerable.Range(0, Most).Select(i => i < TRule.Remembered.Count
            ? step.Remembered(TRule.Remembered[i]) : null)];
        step.Each([.. parts, step.P], [step.P, step.G, .. parts], new Text(options, TRule.Remembered.Count));
    }

    /// <summary>The formula of a step: the rule itself.</summary>
    private readonly struct Text(TOptions options, int parts) : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged
        {
            var state = new UpdateState<Code<T>> { First = x[2], Second = x[3], Third = x[4] };
            Code<T> p = x[0];
            TRule.Update(ref p, x[1], ref state, options);
            return [parts > 0 ? state.First : null, parts > 1 ? state.Second : null, parts > 2 ? state.Third : null, p];
        }
    }

    private readonly struct Kernel(TOptions options, Tensor? first, Tensor? second, Tensor? third) : IParameterStep
    {
        public static string Name => TRule.Name;

        public void Run<T>(Span<T> parameter, ReadOnlySpan<T> gradient) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            RuleStep.Run<TRule, TOptions, T>(
                options, parameter, gradient, memory.OfNullable<T>(first), memory.OfNullable<T>(second), memory.OfNullable<T>(third));
        }
    }
}
