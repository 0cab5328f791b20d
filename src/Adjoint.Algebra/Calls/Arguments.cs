using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What a caller must give: the arguments of public members, where they are first used.</summary>
internal static class Arguments
{
    /// <summary>The argument, which is not null.</summary>
    /// <exception cref="ArgumentNullException">It is; the message names the argument.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Given<T>([NotNull] this T? value, [CallerArgumentExpression(nameof(value))] string? name = null) where T : class
    {
        if (value is null) Throw(name);
        return value;
    }

    /// <summary>The list, which is not null and holds no null.</summary>
    /// <exception cref="ArgumentNullException">It is or does; the message names the argument.</exception>
    internal static IReadOnlyList<T> AllGiven<T>([NotNull] this IReadOnlyList<T>? list,
        [CallerArgumentExpression(nameof(list))] string? name = null) where T : class
    {
        if (list is null) Throw(name);
        for (int i = 0; i < list.Count; i++)
            if (list[i] is null) throw new ArgumentNullException(name, $"Element {i} of the list is null.");
        return list;
    }

    /// <summary>The elements of a sequence, which is not null and holds no null, read once.</summary>
    /// <exception cref="ArgumentNullException">It is or does; the message names the argument.</exception>
    internal static T[] Elements<T>([NotNull] this IEnumerable<T>? sequence,
        [CallerArgumentExpression(nameof(sequence))] string? name = null) where T : class
    {
        if (sequence is null) Throw(name);
        // A tensor is also the sequence of its rows, and a list of tensors is never meant by one.
        if (sequence is T)
        {
            string kind = typeof(T).Name.ToLowerInvariant();
            throw new ArgumentException(
                $"A list of {kind}s is wanted, but one {kind} was given, which would be its rows. Write [{kind}].", name);
        }
        T[] elements = [.. sequence];
        elements.AllGiven(name);
        return elements;
    }

    /// <summary>An array, which is not null and holds no null.</summary>
    /// <exception cref="ArgumentNullException">It is or does; the message names the argument.</exception>
    internal static T[] AllGiven<T>([NotNull] this T[]? array, [CallerArgumentExpression(nameof(array))] string? name = null)
        where T : class
    {
        AllGiven((IReadOnlyList<T>?)array, name);
        return array!;
    }

    [DoesNotReturn]
    private static void Throw(string? name) => throw new ArgumentNullException(name);
}
