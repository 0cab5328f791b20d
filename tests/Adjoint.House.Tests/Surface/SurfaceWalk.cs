using System.Reflection;
using System.Text;

namespace Adjoint.Tests.Surface;

/// <summary>Calls every public method, constructor and operator with odd values for each of its parameters.</summary>
internal static class SurfaceWalk
{
    private static readonly NullabilityInfoContext s_nullability = new();

    /// <summary>What is called now, for whoever watches.</summary>
    internal static volatile Func<string>? Current;

    /// <summary>How many calls were made.</summary>
    internal static int Calls;

    /// <summary>Calls a member with odd values and gives back what it should not have done.</summary>
    /// <param name="member">The member.</param>
    /// <param name="variety">How many calls with several odd values at once are added to those with one.</param>
    internal static IEnumerable<string> Faults(MethodBase member, int variety)
    {
        if (Invocation.Of(member) is not { } call) yield break;
        ParameterInfo[] parameters = member.GetParameters();
        var random = new Random(1);
        Sample[][] odd = [.. parameters.Select(p => p.IsOut ? [] : Samples.Odd(Invocation.ArgumentType(p.ParameterType)).ToArray())];
        for (int world = 0; world < Samples.Worlds; world++)
        {
            // In a world without tensors all are the same.
            if (world > 0 && !TakesTensors(member)) break;
            for (int i = -1; i < parameters.Length; i++)
            {
                foreach (Sample sample in i < 0 ? [new Sample("plain", () => null)] : odd[i])
                    if (Fault(member, call, world, p => p == i ? sample : null, i) is { } fault) yield return fault;
            }
        }
        for (int n = 0; n < variety * (parameters.Length > 1 ? 1 : 0); n++)
        {
            Sample?[] chosen =
                [.. odd.Select(samples => samples.Length == 0 || random.Next(3) == 0 ? null : samples[random.Next(samples.Length)])];
            if (Fault(member, call, random.Next(Samples.Worlds), p => p < 0 ? null : chosen[p], -1) is { } fault) yield return fault;
        }
    }

    /// <summary>Whether a member could be called at all: whether there are samples of all it takes.</summary>
    internal static bool IsReached(MethodBase member)
    {
        try
        {
            return Invocation.Of(member) is not null && Given(member, 0, _ => null) is not null;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static bool TakesTensors(MethodBase member) =>
        (!member.IsStatic && typeof(Tensor).IsAssignableFrom(member.DeclaringType))
        || (!member.IsStatic && typeof(Adjoint.Nn.Module).IsAssignableFrom(member.DeclaringType)) ||
        member.GetParameters().Any(p => p.ParameterType.ToString().Contains("Adjoint.Tensor", StringComparison.Ordinal));

    private static object?[] Given(MethodBase member, int world, Func<int, Sample?> odd)
    {
        IEnumerable<object?> arguments = member.GetParameters().Select((p, i) => odd(i) is { } sample ? sample.Make() : Plain(p, world));
        return [.. member.IsStatic || member is ConstructorInfo ? [] : (object?[])[Samples.Plain(member.DeclaringType!, world)],
            .. arguments];
    }

    private static object? Plain(ParameterInfo parameter, int world) =>
        parameter.HasDefaultValue && parameter.DefaultValue is null
        ? null : Samples.Plain(Invocation.ArgumentType(parameter.ParameterType), world);

    private static string? Fault(MethodBase member, Func<object?[], object?> call, int world, Func<int, Sample?> odd, int single)
    {
        object?[] arguments;
        try
        {
            arguments = Given(member, world, odd);
        }
        catch (NotSupportedException)
        {
            return null;
        }
        Calls++;
        Current = Told;
        string? problem = null;
        // With several odd values any of them may be named.
        ParameterInfo? missing = single < 0 ? null : NullOf(member.GetParameters()[single], odd(single)!);
        Action restore = Kept(member);
        try
        {
            object? result = call(arguments);
            // What is lazy shows its faults when it is read.
            if (result is System.Collections.IEnumerator lazy and not IDisposable) lazy.MoveNext();
            if (missing is not null) problem = $"takes null for {missing.Name}";
        }
        catch (Exception e)
        {
            problem = Verdict.Of(e, member, missing, single < 0 ? null : arguments[^(member.GetParameters().Length - single)]);
        }
        restore();
        return problem is null ? null : $"{Told()}: {problem}";

        string Told() => $"{member.DeclaringType!.Name}.{member.Name}({Text(member, odd)}) in world {world}";
    }

    private static string Text(MethodBase member, Func<int, Sample?> odd)
    {
        var text = new StringBuilder();
        ParameterInfo[] parameters = member.GetParameters();
        for (int i = 0; i < parameters.Length; i++)
            text.Append(i == 0 ? "" : ", ").Append($"{parameters[i].Name}: {odd(i)?.Label ?? "plain"}");
        return text.ToString();
    }

    /// <summary>What puts a global switch back, where the member sets one.</summary>
    private static Action Kept(MethodBase member)
    {
        if (!member.IsStatic || !member.IsSpecialName || !member.Name.StartsWith("set_", StringComparison.Ordinal)) return () => { };
        PropertyInfo property = member.DeclaringType!.GetProperty(member.Name[4..])!;
        object? value = property.GetValue(null);
        return () => property.SetValue(null, value);
    }

    /// <summary>The parameter, if it was given a null, or a list with one, which its type does not allow.</summary>
    private static ParameterInfo? NullOf(ParameterInfo parameter, Sample sample)
    {
        if (sample.Label is not ("null" or "[null]") || parameter.ParameterType.IsByRefLike) return null;
        NullabilityInfo info = s_nullability.Create(parameter);
        NullabilityState state = sample.Label == "null" ? info.WriteState
            : (info.ElementType ?? (info.GenericTypeArguments is [var one, ..] ? one : null))?.WriteState ?? NullabilityState.Nullable;
        return state == NullabilityState.NotNull ? parameter : null;
    }
}
