using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Adjoint.Nn;

namespace Adjoint.Tests.Ops;

/// <summary>A public method of tensors or of <see cref="F"/>, called with arguments made up from their types and names.</summary>
internal sealed class PublicCall
{
    private readonly MethodInfo _method;
    private readonly ParameterInfo[] _parameters;
    private readonly Func<object?[], object?> _call;

    private PublicCall(MethodInfo method)
    {
        _method = method;
        _parameters = method.GetParameters();
        ParameterExpression arguments = Expression.Parameter(typeof(object?[]));
        var values = _parameters.Select((p, i) => Argument(p.ParameterType, Expression.ArrayIndex(arguments, Expression.Constant(i + 1))));
        Expression? instance = method.IsStatic
            ? null : Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(0)), typeof(Tensor));
        Expression call = Expression.Call(instance, method, values);
        Expression body = method.ReturnType == typeof(void)
            ? Expression.Block(call, Expression.Constant(null)) : Expression.Convert(call, typeof(object));
        _call = Expression.Lambda<Func<object?[], object?>>(body, arguments).Compile();
    }

    /// <summary>All that can be called so, by signature.</summary>
    public static IReadOnlyDictionary<string, PublicCall> All { get; } =
        Methods().Where(CanBeCalled).Select(method => new PublicCall(method)).ToDictionary(call => call.ToString());

    /// <summary>All that there are.</summary>
    public static IEnumerable<MethodInfo> Methods() => new[] { typeof(Tensor), typeof(F) }
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => !method.IsGenericMethodDefinition && method.Name != nameof(Tensor.Dispose)
            && !method.Name.StartsWith("set_", StringComparison.Ordinal));

    public bool IsInstance => !_method.IsStatic;

    public bool IsOfF => _method.DeclaringType == typeof(F);

    /// <summary>The parameters that are whole numbers.</summary>
    public IEnumerable<int> Integers =>
        Enumerable.Range(0, _parameters.Length)
        .Where(i => _parameters[i].ParameterType is { } type && (type == typeof(int) || type == typeof(int?)));

    /// <summary>What a parameter is called.</summary>
    public string ParameterName(int parameter) => _parameters[parameter].Name!;

    /// <summary>Calls it.</summary>
    /// <param name="tensor">What makes its tensors.</param>
    /// <param name="dim">What stands for dimensions.</param>
    /// <param name="index">What makes its indices.</param>
    /// <param name="extreme">A parameter and the whole number it gets, if any.</param>
    public object? Invoke(Func<Tensor> tensor, int dim, Func<Tensor> index, (int Parameter, int Value)? extreme = null) =>
        _call([IsInstance ? tensor() : null,
            .. _parameters.Select((p, i) => extreme?.Parameter == i ? extreme.Value.Value : Value(p, tensor, dim, index))]);

    public override string ToString() =>
        $"{_method.ReturnType.Name} {_method.DeclaringType!.Name}.{_method.Name}({string.Join(", ", _parameters.Select(p => $"{p.ParameterType.Name} {p.Name}"))})";

    private static bool CanBeCalled(MethodInfo method) => !method.ReturnType.IsByRefLike && !method.ReturnType.IsByRef
        && method.GetParameters().All(p => IsMadeUp(p.ParameterType) || p.HasDefaultValue);

    private static bool IsMadeUp(Type type) =>
        type == typeof(Tensor) || type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(bool)
        || type == typeof(int?) || type == typeof(double?) || type == typeof(Shape) || type.IsEnum || type == typeof(ReadOnlySpan<int>)
        || type == typeof(Generator) || type == typeof(Sizes)
        || type == typeof(Tensor[]) || type == typeof(IReadOnlyList<Tensor>) || type == typeof(string);

    private static object? Value(ParameterInfo parameter, Func<Tensor> tensor, int dim, Func<Tensor> index)
    {
        Type type = parameter.ParameterType;
        string name = parameter.Name!;
        bool isIndex = name.StartsWith("ind", StringComparison.Ordinal)
            || (name == "input" && parameter.Member.Name == nameof(F.Embedding));
        if (type == typeof(Tensor)) return isIndex ? index() : name is "mask" or "condition" ? tensor().Detach().To(DType.Bool) : tensor();
        if (type == typeof(Tensor[]) || type == typeof(IReadOnlyList<Tensor>))
            return isIndex ? new[] { index() } : new[] { tensor(), tensor() };
        if (type == typeof(int) || (type == typeof(int?) && !parameter.HasDefaultValue))
            return name.StartsWith("dim", StringComparison.Ordinal) ? dim : 1;
        if (type == typeof(ReadOnlySpan<int>))
            return name.StartsWith("dim", StringComparison.Ordinal) ? [dim] : tensor().Shape.Sizes.ToArray();
        if (type == typeof(Shape)) return tensor().Shape;
        if (type == typeof(Generator)) return new Generator(1);
        // The default of a struct is written as null.
        if (parameter.HasDefaultValue && !type.IsEnum)
            return parameter.DefaultValue
                ?? (type == typeof(Sizes) ? default(Sizes) : type == typeof(ConvPadding) ? (object)default(ConvPadding) : null);
        if (type == typeof(Sizes)) return (Sizes)1;
        if (type == typeof(long)) return name == "high" ? 9L : 1L;
        if (type == typeof(double)) return 0.5;
        if (type == typeof(bool)) return false;
        if (type == typeof(string)) return "...,...";
        return type.IsEnum ? parameter.HasDefaultValue ? Enum.ToObject(type, parameter.DefaultValue!) : type == typeof(DType)
            ? DType.Float64 : Enum.ToObject(type, 0) : null;
    }

    // A span cannot be an object: its array is, and becomes a span where it is passed.
    private static Expression Argument(Type type, Expression value)
    {
        if (type != typeof(ReadOnlySpan<int>)) return type.IsByRefLike ? Expression.Default(type) : Expression.Convert(value, type);
        return Expression.Convert(Expression.Convert(value, typeof(int[])), type);
    }

    /// <summary>The tensors in what a method returned.</summary>
    public static IEnumerable<Tensor> TensorsIn(object? result) => result switch
    {
        Tensor tensor => [tensor],
        IEnumerable<Tensor> tensors => tensors,
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => TensorsIn(tuple[i])),
        _ => [],
    };
}
