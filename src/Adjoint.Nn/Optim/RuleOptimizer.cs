using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

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
        if (remembered.Count > RuleSteps<TRule, TOptions>.Most)
            throw new NotSupportedException(
                $"{TRule.Name}: a rule remembers at most {RuleSteps<TRule, TOptions>.Most} numbers, but this one names "
                + $"{remembered.Count}. Derive "
                + "from Optimizer<TOptions> instead.");
        var names = new HashSet<string>(StringComparer.Ordinal) { "step" };
        foreach (string name in remembered)
            if (!names.Add(name ?? ""))
                throw new NotSupportedException(
                    $"{TRule.Name}: what is remembered is saved under its name, but \"{name}\" is "
                    + $"{(name == "step" ? "that of the count of steps" : "there twice")}. Give each part a name of its own.");
        if (TRule.KeptNumber is { } kept && !names.Add(kept))
            throw new NotSupportedException(
                $"{TRule.Name}: the number that is kept is saved under its name, but \"{kept}\" is that of something else.");
    }

    internal sealed override bool StepsEachAlone => true;

    /// <inheritdoc/>
    protected sealed override void Step(ParamGroup group, TOptions options) => RuleSteps<TRule, TOptions>.Step(this, group, options);

    internal sealed override void Write(HandStep step, TOptions options) => RuleSteps<TRule, TOptions>.Write(step, options);
}
