using System.Runtime.ExceptionServices;

namespace Adjoint;

public static partial class Transforms
{
    /// <summary>
    /// The derivative by forward mode, or by reverse mode where an operation has no rule for forward mode; both see the same random
    /// numbers.
    /// </summary>
    /// <param name="forward">Null where there is none.</param>
    /// <param name="reverse">The same by backward passes.</param>
    private static T OrReverse<T>(Func<RandomRecord, T?> forward, Func<RandomRecord, T> reverse)
    {
        var random = new RandomRecord();
        try
        {
            if (forward(random) is { } result) return result;
        }
        catch (MissingRuleException missing)
        {
            return OrElse(missing, reverse, random);
        }
        return reverse(random);
    }

    /// <summary>Where reverse mode cannot do it either, forward mode's error says what is missing.</summary>
    private static T OrElse<T>(MissingRuleException missing, Func<RandomRecord, T> reverse, RandomRecord random)
    {
        try
        {
            return reverse(random);
        }
        catch (MissingRuleException)
        {
            ExceptionDispatchInfo.Throw(missing);
            throw;
        }
    }
}
