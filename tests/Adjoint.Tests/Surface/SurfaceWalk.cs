using System.Reflection;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;
using Adjoint.Nn;
using Adjoint.Symbolic;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface;

/// <summary>
/// A walk of all that is public: every method, constructor and operator is called with odd values for each of its parameters. What
/// is added tomorrow is walked as well.
/// </summary>
internal static class SurfaceWalk
{
    private static readonly Assembly[] Assemblies = [typeof(Tensor).Assembly, typeof(Module).Assembly, typeof(Expr).Assembly, typeof(IUnaryOp).Assembly];

    /// <summary>What the types of generic members are replaced by: the first that fits the constraints.</summary>
    private static readonly Type[] Arguments =
        [typeof(float), typeof(NegOp), typeof(AddOp), typeof(Scalars.Lecture), typeof(Scalars.Branch), typeof(Scalars.Polar), typeof(Real<double>), typeof(Tensor), typeof(Adjoint.Nn.Linear), typeof(object)];

    /// <summary>Global switches, which other tests that run at the same time would see, and what ends in other programs or devices.</summary>
    private static readonly HashSet<string> Left =
        ["PrintOptions.set_Current", "Rng.ManualSeed", "Rng.SetState", "Cpu.set_Threads", "Cpu.Trim", "Mnist.Load", "GradScope.Dispose"];

    /// <summary>All public types.</summary>
    internal static readonly Type[] Types = [.. Assemblies.SelectMany(a => a.GetExportedTypes()).Select(Closed).OfType<Type>()];

    /// <summary>The public members of a type that it declares itself.</summary>
    internal static IEnumerable<MethodBase> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (typeof(Delegate).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type) || type.IsEnum || type.IsInterface) return [];
        // A record says nothing of its own: what is put in comes out.
        bool isRecord = type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
        IEnumerable<MethodBase> constructors = type.IsAbstract || isRecord ? [] : type.GetConstructors(Own);
        return constructors.Concat(type.GetMethods(Own).Where(m => !m.IsAbstract).Select(Closed).OfType<MethodBase>())
            .Where(m => !Left.Contains($"{type.Name}.{m.Name}") && !(isRecord && m.GetCustomAttribute<CompilerGeneratedAttribute>() is not null));
    }

    /// <summary>Calls a member with odd values and gives back what it should not have done.</summary>
    /// <param name="member">The member.</param>
    /// <param name="variety">How many calls with several odd values at once are added to those with one.</param>
    internal static IEnumerable<string> Faults(MethodBase member, int variety)
    {
        if (Invocation.Of(member) is not { } call) yield break;
        ParameterInfo[] parameters = member.GetParameters();
        var random = new Random(1);
        Sample[][] odd = [.. parameters.Select(p => Samples.Odd(Invocation.ArgumentType(p.ParameterType), p.Name ?? "").ToArray())];
        for (int world = 0; world < Samples.Worlds; world++)
        {
            for (int i = -1; i < parameters.Length; i++)
            {
                foreach (Sample sample in i < 0 ? [new Sample("plain", () => null)] : odd[i])
                    if (Fault(member, call, world, p => p == i ? sample : null) is { } fault) yield return fault;
            }
        }
        for (int n = 0; n < variety * (parameters.Length > 1 ? 1 : 0); n++)
        {
            Sample?[] chosen = [.. odd.Select(samples => samples.Length == 0 || random.Next(3) == 0 ? null : samples[random.Next(samples.Length)])];
            if (Fault(member, call, random.Next(Samples.Worlds), p => p < 0 ? null : chosen[p]) is { } fault) yield return fault;
        }
    }

    /// <summary>Whether a member could be called at all: whether there are samples of all it takes.</summary>
    internal static bool IsReached(MethodBase member)
    {
        try
        {
            if (Invocation.Of(member) is null) return false;
            _ = Arguments_(member, 0, _ => null);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static object?[] Arguments_(MethodBase member, int world, Func<int, Sample?> odd)
    {
        IEnumerable<object?> arguments = member.GetParameters().Select((p, i) => odd(i) is { } sample ? sample.Make() : Plain(p, world));
        return [.. member.IsStatic || member is ConstructorInfo ? [] : (object?[])[Samples.Plain(member.DeclaringType!, world)], .. arguments];
    }

    private static object? Plain(ParameterInfo parameter, int world) =>
        parameter.HasDefaultValue && parameter.DefaultValue is null ? null : Samples.Plain(Invocation.ArgumentType(parameter.ParameterType), world);

    private static string? Fault(MethodBase member, Func<object?[], object?> call, int world, Func<int, Sample?> odd)
    {
        object?[] arguments;
        try
        {
            arguments = Arguments_(member, world, odd);
        }
        catch (NotSupportedException)
        {
            return null;
        }
        string? problem = null;
        try
        {
            object? result = call(arguments);
            if (result is System.Collections.IEnumerator lazy and not IDisposable) lazy.MoveNext();
            if (NullOf(member, odd) is { } parameter) problem = $"takes null for {parameter.Name}";
        }
        catch (Exception e)
        {
            problem = Verdict.Of(e, member, NullOf(member, odd));
        }
        if (problem is null) return null;
        IEnumerable<string> given = member.GetParameters().Select((p, i) => $"{p.Name}: {odd(i)?.Label ?? "plain"}");
        return $"{member.DeclaringType!.Name}.{member.Name}({string.Join(", ", given)}) in world {world}: {problem}";
    }

    /// <summary>The first parameter that was given a null, or a list with one, which its type does not allow.</summary>
    private static ParameterInfo? NullOf(MethodBase member, Func<int, Sample?> odd)
    {
        ParameterInfo[] parameters = member.GetParameters();
        for (int i = 0; i < parameters.Length; i++)
        {
            if (odd(i) is not { Label: "null" or "[null]" } sample || parameters[i].ParameterType.IsByRefLike) continue;
            var info = new NullabilityInfoContext().Create(parameters[i]);
            NullabilityState state = sample.Label == "null" ? info.WriteState
                : (info.ElementType ?? (info.GenericTypeArguments is [var one, ..] ? one : null))?.WriteState ?? NullabilityState.Nullable;
            if (state == NullabilityState.NotNull) return parameters[i];
        }
        return null;
    }

    private static Type? Closed(Type type)
    {
        if (!type.ContainsGenericParameters) return type;
        return Combinations(type.GetGenericArguments().Length).Select(arguments => Try(() => type.MakeGenericType(arguments))).FirstOrDefault(t => t is not null);
    }

    private static MethodBase? Closed(MethodInfo method)
    {
        if (!method.ContainsGenericParameters) return method;
        return Combinations(method.GetGenericArguments().Length).Select(arguments => Try(() => method.MakeGenericMethod(arguments))).FirstOrDefault(m => m is not null);
    }

    private static IEnumerable<Type[]> Combinations(int count) =>
        count == 1 ? Arguments.Select(a => (Type[])[a]) : Combinations(count - 1).SelectMany(rest => Arguments.Select(a => (Type[])[.. rest, a]));

    private static T? Try<T>(Func<T> make) where T : class
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
