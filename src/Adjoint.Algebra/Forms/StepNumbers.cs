using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The numbers of one step of an optimizer, at most three: rounded to the type of the parameter, <c>Update</c> has them as
/// <see cref="UpdateState{V}.FirstNumber"/>, <see cref="UpdateState{V}.SecondNumber"/> and <see cref="UpdateState{V}.ThirdNumber"/>.
/// </summary>
/// <example><code>
/// StepNumber step = default;
/// StepNumber root = StepNumber.Sqrt(1 - StepNumber.Pow(0.999, step));
/// var numbers = new StepNumbers(0.001 / (1 - StepNumber.Pow(0.9, step)), root);
/// </code></example>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public readonly struct StepNumbers
{
    /// <summary>Numbers of a step.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    /// <param name="firstName">What a program that is written calls it: left out, what the caller wrote.</param>
    /// <param name="secondName">The same of the second.</param>
    /// <param name="thirdName">The same of the third.</param>
    public StepNumbers(
        StepNumber first, StepNumber second = default, StepNumber third = default,
        [CallerArgumentExpression(nameof(first))] string firstName = "",
        [CallerArgumentExpression(nameof(second))] string secondName = "",
        [CallerArgumentExpression(nameof(third))] string thirdName = "")
    {
        (First, Second, Third) = (first, second, third);
        Names = [firstName ?? "", secondName ?? "", thirdName ?? ""];
    }

    /// <summary>The first.</summary>
    public StepNumber First { get; }

    /// <summary>The second.</summary>
    public StepNumber Second { get; }

    /// <summary>The third.</summary>
    public StepNumber Third { get; }

    /// <summary>What they are called; null where there are none.</summary>
    internal string[]? Names { get; }
}
