using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// An optimizer with typed options: the base of all, and of one's own in plain tensor code. (One that is a formula for one number is a
/// <see cref="RuleOptimizer{TRule, TOptions}"/>, which is faster.)
/// </summary>
/// <remarks>
/// The options of a group are a record. <c>group["weight_decay"]</c>, <see cref="ParamGroup.Options"/> and a saved state show its
/// <c>WeightDecay</c>; setting one makes a new record, which is checked before it counts.
/// </remarks>
/// <typeparam name="TOptions">The options, a record of numbers and flags; an option <c>Lr</c> is what schedules change.</typeparam>
/// <example><code>
/// sealed record SignOptions(double Lr = 1e-4, double Beta = 0.9);
///
/// sealed class SignDescent(IEnumerable&lt;Tensor&gt; parameters, SignOptions options) : Optimizer&lt;SignOptions&gt;(parameters, options)
/// {
///     protected override void Check(SignOptions options)
///     {
///         if (options.Beta is &lt; 0 or &gt;= 1) throw new ArgumentOutOfRangeException("beta", options.Beta, "It must be in [0, 1).");
///     }
///
///     protected override void Step(ParamGroup group, SignOptions options)
///     {
///         foreach (Tensor p in group.Parameters)
///         {
///             if (p.Grad is not { } g) continue;
///             Tensor mean = Remembered(StateOf(p), "exp_avg", p).MulInPlace(options.Beta).AddInPlace(g, 1 - options.Beta);
///             p.SubInPlace(mean.Sign(), options.Lr);
///         }
///     }
/// }
///
/// var optimizer = new SignDescent(net.Parameters(), new SignOptions { Lr = 1e-3 });
/// </code></example>
public abstract class Optimizer<[DynamicallyAccessedMembers(
    DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] TOptions> : Optimizer
    where TOptions : class
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    protected Optimizer(IEnumerable<Tensor> parameters, TOptions options) : this([ParamGroup.All(parameters)], options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, which may have options of their own by name.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="options">The options of groups that do not give them.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    protected Optimizer(IEnumerable<ParamGroup> groups, TOptions options) : base(groups.Given(), OptionView.Of(options), options)
    {
    }

    /// <summary>The options of a group.</summary>
    /// <exception cref="ArgumentException">The group belongs to another optimizer.</exception>
    public TOptions OptionsOf(ParamGroup group)
    {
        if (GraphCapture.IsAnywhere) GraphCapture.NoteOptions(group.Given().Options, null);
        return (TOptions)group.Given().Options.Of(this);
    }

    /// <summary>Gives a group other options: <c>optimizer.SetOptions(group, optimizer.OptionsOf(group) with { Lr = 0.1 })</c>.</summary>
    /// <exception cref="ArgumentException">An option makes no sense, or the group belongs to another optimizer; nothing is changed
    /// then.</exception>
    public void SetOptions(ParamGroup group, TOptions options)
    {
        // A copy: the caller's may be of a class that can be changed.
        group.Options.Replace(View.With(OptionsOf(group), options.Given(), OptionView.Of(options)));
    }

    /// <summary>
    /// Throws an <see cref="ArgumentException"/> for options that make no sense. It is called before options are used, and when one changes;
    /// a rate that is negative, and numbers that are not finite, are refused besides.
    /// </summary>
    protected virtual void Check(TOptions options)
    {
    }

    /// <summary>Steps all parameters of a group that have a gradient, in place; recording is off.</summary>
    /// <remarks>
    /// It is called for one group after the other by <see cref="Optimizer.Step()"/>, which sees to it that nobody else steps meanwhile.
    /// </remarks>
    /// <param name="group">The parameters.</param>
    /// <param name="options">The group's options.</param>
    protected abstract void Step(ParamGroup group, TOptions options);

    private protected sealed override void Step(ParamGroup group) => Step(group, OptionsOf(group));

    internal sealed override void Write(HandStep step) => Write(step, OptionsOf(step.Group));

    /// <summary>Writes the step of a parameter as C#.</summary>
    internal virtual void Write(HandStep step, TOptions options) => throw step.Hand.Refused("");

    internal sealed override void CheckOptions(object options)
    {
        if (View.IndexOf("lr") is >= 0 and int lr)
            Check(OptionView.Number(View.Get(options, lr), "lr"), Interval.NotNegative, "lr", "learning rate");
        Check((TOptions)options);
        View.CheckFinite(options);
    }
}
