namespace Adjoint;

/// <summary>
/// How an optimizer changes one number, written once: over registers it is one fused pass over parameter, gradient and what is remembered,
/// for float32 and float64. See <c>RuleOptimizer</c>.
/// </summary>
/// <typeparam name="TOptions">The numbers of the rule: a record of doubles, whole numbers and truth values.</typeparam>
/// <example><code>
/// sealed record LionOptions(double Lr = 1e-4, double Beta1 = 0.9, double Beta2 = 0.99);
///
/// readonly struct LionRule : IUpdateRule&lt;LionOptions&gt;
/// {
///     public static string Name => "lion_step";
///     public static IReadOnlyList&lt;string&gt; Remembered => ["exp_avg"];
///     public static void Update&lt;V&gt;(ref V p, V g, ref UpdateState&lt;V&gt; state, LionOptions o) where V : IAlgebra&lt;V&gt;
///     {
///         p -= o.Lr * (o.Beta1 * state.First + (1 - o.Beta1) * g).Sign();
///         state.First = o.Beta2 * state.First + (1 - o.Beta2) * g;
///     }
/// }
/// </code></example>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public interface IUpdateRule<TOptions> where TOptions : class
{
    /// <summary>The name of the step as an operation: <c>lion_step</c>.</summary>
    static abstract string Name { get; }

    /// <summary>The names under which the parts of the state are saved, at most three; each is zero before the first step.</summary>
    static virtual IReadOnlyList<string> Remembered => [];

    /// <summary>Whether a part of the state is kept at all: some belong to an option.</summary>
    /// <param name="part">The place of its name in <see cref="Remembered"/>.</param>
    /// <param name="options">The options of the group.</param>
    static virtual bool Remembers(int part, TOptions options) => true;

    /// <summary>The name under which <see cref="AtStep"/>'s kept number is saved; none by default.</summary>
    static virtual string? KeptNumber => null;

    /// <summary>Whether the steps of a parameter are counted, under the name <c>step</c>.</summary>
    static virtual bool CountsSteps => true;

    /// <summary>What of a step depends on how many there were, once a step: corrections of means, a falling rate.</summary>
    /// <param name="step">The number of the step of this parameter, from 1; 0 if they are not counted.</param>
    /// <param name="kept">A number that is kept from step to step, if <see cref="KeptNumber"/> names it; 1 before the first.</param>
    /// <param name="options">The options of the group.</param>
    static virtual StepNumbers AtStep(StepNumber step, ref StepNumber kept, TOptions options) => default;

    /// <summary>Changes a parameter along its gradient. Every operation rounds by itself, as in a plain loop.</summary>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="state">What is remembered of the parameter.</param>
    /// <param name="options">The options of the group.</param>
    static abstract void Update<V>(ref V p, V g, ref UpdateState<V> state, TOptions options) where V : IAlgebra<V>;
}

/// <summary>What a rule remembers of a parameter; parts that it does not name are not kept.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public struct UpdateState<V>
{
    /// <summary>The part that is named first.</summary>
    public V First;

    /// <summary>The part that is named second.</summary>
    public V Second;

    /// <summary>The part that is named third.</summary>
    public V Third;

    /// <summary>The first of the numbers of the step: see <see cref="StepNumbers"/>.</summary>
    public V FirstNumber;

    /// <summary>The second of the numbers of the step.</summary>
    public V SecondNumber;

    /// <summary>The third of the numbers of the step.</summary>
    public V ThirdNumber;
}
