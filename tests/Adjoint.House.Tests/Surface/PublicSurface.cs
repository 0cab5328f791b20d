using System.Reflection;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;
using Adjoint.Plots;
using Adjoint.Symbolic;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface;

/// <summary>All that the shipped assemblies make public. What is added tomorrow is in it as well.</summary>
internal static class PublicSurface
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // How many closed forms of one generic member are walked.
    private const int Closings = 5;

    internal static readonly Assembly[] Assemblies =
    [
        typeof(Tensor).Assembly, typeof(Module).Assembly, typeof(Expr).Assembly, typeof(IUnaryOp).Assembly, typeof(Chart).Assembly,
        typeof(Formats.SafeTensors).Assembly, typeof(Adjoint.Data.ImageFolder).Assembly,
        typeof(Distributed.ProcessGroup).Assembly,
    ];

    /// <summary>What the types of generic members are replaced by, where it fits their constraints.</summary>
    private static readonly Type[] Arguments =
    [
        typeof(float), typeof(NegOp), typeof(AddOp), typeof(SquaredNorm), typeof(Real<double>),
        typeof(Tensor), typeof(Adjoint.Nn.Linear), typeof(object), typeof(long), typeof(bool), typeof(Guid),
    ];

    /// <summary>What ends in other programs or on the network, and what is a switch for the whole thread.</summary>
    private static readonly HashSet<string> Left = ["Mnist.Load", "FashionMnist.Load", "Kmnist.Load", "Emnist.Load", "Cifar10.Load", "Cifar100.Load", "GradScope.Dispose"];

    /// <summary>Networks as large as in the papers, of a hundred million numbers for each argument. Their own tests try what they take.</summary>
    private static readonly HashSet<string> Large = ["Models", "VGG", "AlexNet"];

    /// <summary>All public types, generic ones closed.</summary>
    internal static readonly Type[] Types =
        [.. Assemblies.SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsSpecialName && !t.FullName!.Contains('<')).Select(Closed)
            .OfType<Type>()];

    /// <summary>The public members of a type that it declares itself and that do something.</summary>
    internal static IEnumerable<MethodBase> Members(Type type)
    {
        // What an exception says is its thrower's business.
        if (Large.Contains(type.Name) || typeof(Delegate).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type) || type.IsEnum || type.IsInterface)
            return [];
        bool isRecord = IsRecord(type);
        // A record that nothing takes is a result: only who makes it himself can put a null in.
        IEnumerable<MethodBase> constructors = type.IsAbstract || (isRecord && !s_taken.Value.Contains(type))
            ? [] : type.GetConstructors(Own);
        return constructors.Concat(type.GetMethods(Own).Where(m => !m.IsAbstract).SelectMany(Closed))
            .Where(m => !Left.Contains($"{type.Name}.{m.Name}") && !(isRecord && IsGenerated(m)));
    }

    private static readonly Lazy<HashSet<Type>> s_taken =
        new(() =>
            [.. Types.SelectMany(t => t.GetMethods(Own).Where(m => !IsRecord(t) || !IsGenerated(m)).Cast<MethodBase>()
                .Concat(IsRecord(t) ? [] : t.GetConstructors(Own)))
        .SelectMany(m => m.GetParameters().Where(p => !p.IsOut)).SelectMany(p => Parts(p.ParameterType))]);

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
        || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType
        ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];

    /// <summary>Whether the compiler wrote it; of a record that is all but the constructor.</summary>
    private static bool IsGenerated(MethodBase member) =>
        member is MethodInfo && member.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;

    private static Type? Closed(Type type) =>
        !type.ContainsGenericParameters ? type
        : OfTheLibrary(type) ?? Combinations(type.GetGenericArguments().Length).Select(arguments => Try(() => type.MakeGenericType(arguments)))
        .FirstOrDefault(t => t is not null);

    /// <summary>What nobody can derive from but the library is as the library's own have it.</summary>
    private static Type? OfTheLibrary(Type open)
    {
        if (!open.IsAbstract || open.IsSealed || !open.IsClass) return null;
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (open.GetConstructors(All).Any(c => c.IsPublic || c.IsFamily || c.IsFamilyOrAssembly)) return null;
        return open.Assembly.GetExportedTypes().Where(t => !t.IsAbstract && !t.ContainsGenericParameters).Select(t => t.BaseType)
            .FirstOrDefault(t => t is { IsGenericType: true } && t.GetGenericTypeDefinition() == open);
    }

    private static IEnumerable<MethodBase> Closed(MethodInfo method) =>
        !method.ContainsGenericParameters ? [method]
        : Combinations(method.GetGenericArguments().Length).Select(arguments => Try(() => method.MakeGenericMethod(arguments)))
            .OfType<MethodInfo>().Take(method.GetGenericArguments().Length == 1 ? Closings : 1);

    private static IEnumerable<Type[]> Combinations(int count) =>
        count == 1
        ? Arguments.Select(a => (Type[])[a]) : Combinations(count - 1).SelectMany(rest => Arguments.Select(a => (Type[])[.. rest, a]));

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
