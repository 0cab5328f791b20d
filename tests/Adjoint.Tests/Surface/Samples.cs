using System.Linq.Expressions;
using System.Reflection;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Symbolic;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface;

/// <summary>A value for a parameter, made anew for each call.</summary>
internal sealed record Sample(string Label, Func<object?> Make);

/// <summary>Plain and odd values of every type that public members take.</summary>
internal static class Samples
{
    private static readonly Dictionary<Type, Func<object?>> Known = new()
    {
        [typeof(bool)] = () => true,
        [typeof(byte)] = () => (byte)1,
        [typeof(int)] = () => 1,
        [typeof(uint)] = () => 1u,
        [typeof(ushort)] = () => (ushort)1,
        [typeof(long)] = () => 1L,
        [typeof(ulong)] = () => 1UL,
        [typeof(float)] = () => 0.5f,
        [typeof(double)] = () => 0.5,
        [typeof(decimal)] = () => 0.5m,
        [typeof(Half)] = () => (Half)0.5,
        [typeof(Number)] = () => (Number)0.5,
        [typeof(string)] = () => "x",
        [typeof(object)] = () => new object(),
        [typeof(Index)] = () => new Index(0),
        [typeof(Range)] = () => 0..1,
        [typeof(Shape)] = () => Shape.Of(2, 3),
        [typeof(TensorIndex)] = () => (TensorIndex)0,
        [typeof(Generator)] = () => new Generator(1),
        [typeof(Module)] = () => new Adjoint.Nn.Linear(3, 3),
        [typeof(Dataset)] = () => new TensorDataset(Tensor.Ones(4, 3), Tensor.Ones(4)),
        [typeof(Optimizer)] = () => new SGD([Tensor.Ones([3], requiresGrad: true)]),
        [typeof(ParamGroup)] = () => new ParamGroup([Tensor.Ones([3], requiresGrad: true)]),
        [typeof(Node)] = () => (Tensor.Ones([3], requiresGrad: true) * 2).GradFn,
        [typeof(Expr)] = () => Expr.Parse("x^2 + sin(x)"),
        [typeof(Variable)] = () => new Variable("x"),
        [typeof(Type)] = () => typeof(float),
        [typeof(IFormatProvider)] = () => null,
        [typeof(Stream)] = () => new MemoryStream(),
        [typeof(TextWriter)] = () => new StringWriter(),
        [typeof(CancellationToken)] = () => CancellationToken.None,
        [typeof(Exception)] = () => new InvalidOperationException("x"),
        [typeof(Function)] = () => new Twice(),
        [typeof(Tensor.Null)] = () => null,
    };

    private static readonly (string Label, Func<Tensor?> Make)[] Tensors =
    [
        ("2 x 3", () => Tensor.Arange(6).Reshape(2, 3).To(DType.Float32)),
        ("vector of doubles with grad", () => Tensor.From([0.3, 0.7, 0.2], requiresGrad: true)),
        ("number", () => Tensor.Scalar(0.5)),
        ("Int64", () => Tensor.From([1L, 0, 2])),
        ("3 x 3", () => Tensor.Eye(3)),
        ("Bool", () => Tensor.From([true, false, true])),
        ("UInt8 2 x 3", () => Tensor.Ones([2, 3], DType.UInt8)),
        ("empty", () => Tensor.Zeros(0)),
        ("2 x 0 x 3", () => Tensor.Zeros(2, 0, 3)),
        ("NaN", () => Tensor.From([float.NaN, float.PositiveInfinity, -1])),
        ("transposed", () => Tensor.Ones(3, 2).T),
        ("expanded", () => Tensor.Ones(1, 3).Expand(2, 3)),
        ("five dimensions", () => Tensor.Ones(1, 2, 1, 3, 1)),
        ("Int64 out of range", () => Tensor.From([long.MaxValue, long.MinValue, -1])),
        ("C# number", () => 0.1),
        ("inference", Inference),
    ];

    /// <summary>How many plain worlds there are: each has another tensor for all parameters.</summary>
    internal const int Worlds = 5;

    /// <summary>The value of a type that most members can do something with; throws where there is none.</summary>
    internal static object? Plain(Type type, int world, int depth = 0)
    {
        if (type == typeof(Tensor)) return Tensors[world].Make();
        if (Nullable.GetUnderlyingType(type) is { } inner) return Plain(inner, world, depth);
        if (Known.TryGetValue(type, out Func<object?>? known)) return known();
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0);
        if (type.IsArray) return One(type.GetElementType()!, world, depth);
        if (typeof(Delegate).IsAssignableFrom(type)) return Delegate(type, world, depth);
        if (type.IsInterface && type.IsGenericType && type.GetGenericArguments() is [var element] && type.IsAssignableFrom(element.MakeArrayType()))
            return One(element, world, depth);
        if (type.IsInterface && type.IsGenericType && type.GetGenericArguments() is [var key, var value] &&
            type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(key, value)))
        {
            return Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value));
        }
        return Constructed(type, world, depth);
    }

    /// <summary>Values of a parameter that a user could give by mistake or on purpose.</summary>
    internal static IEnumerable<Sample> Odd(Type type, string name)
    {
        if (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null) yield return new Sample("null", () => null);
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Tensor))
        {
            foreach ((string label, Func<Tensor?> make) in Tensors) yield return new Sample(label, make);
        }
        else if (Numbers(type, name) is { } numbers)
        {
            foreach (object number in numbers) yield return new Sample($"{number}", () => number);
        }
        else if (type.IsEnum)
        {
            foreach (object item in Enum.GetValues(type)) yield return new Sample($"{item}", () => item);
            yield return new Sample("no member", () => Enum.ToObject(type, 99));
        }
        else if (type == typeof(string))
        {
            foreach (string text in (string[])["", " ", "x", "..", "ij,jk->ik", "1/0", "\0", "((", "é", new('x', 300)])
                yield return new Sample($"\"{(text.Length > 20 ? "xxx…" : text)}\"", () => text);
        }
        else if (type == typeof(Shape))
        {
            foreach (Shape shape in (Shape[])[Shape.Scalar, Shape.Of(0), Shape.Of(3), Shape.Of(2, 0, 3), Shape.Of(3, 2)])
                yield return new Sample($"{shape}", () => shape);
        }
        else if (type == typeof(Index) || type == typeof(Range) || type == typeof(TensorIndex))
        {
            foreach (object index in Indices(type)) yield return new Sample($"{index}", () => index);
        }
        else if (type.IsArray || (type.IsInterface && type.IsGenericType && type.GetGenericArguments() is [var one] && type.IsAssignableFrom(one.MakeArrayType())))
        {
            Type element = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0];
            if (element.ContainsGenericParameters || type.IsArray && type.GetArrayRank() > 1) yield break;
            yield return new Sample("[]", () => Array.CreateInstance(element, 0));
            if (!element.IsValueType) yield return new Sample("[null]", () => Array.CreateInstance(element, 1));
            foreach (Sample sample in Odd(element, name).Where(s => s.Label != "null"))
                yield return new Sample($"[{sample.Label}]", () => Of(element, sample.Make()));
        }
        else
        {
            yield return new Sample("plain", () => Plain(type, 0));
        }
    }

    private static IEnumerable<object>? Numbers(Type type, string name)
    {
        // Sizes near 2³¹ are for machines with the memory they ask for.
        bool isSize = !Places.Any(place => name.Contains(place, StringComparison.OrdinalIgnoreCase));
        if (type == typeof(int)) return isSize ? [-1, 0, 2, int.MinValue, 70] : [-1, 0, 2, int.MinValue, int.MaxValue];
        if (type == typeof(long)) return isSize ? [-1L, 0L, 2L, long.MinValue] : [-1L, 0L, 2L, long.MinValue, long.MaxValue];
        if (type == typeof(double)) return isSize ? [double.NaN, -1.0, 0.0, 2.0, 1e-300] : [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1.0, 0.0, 2.0, 1e300];
        if (type == typeof(float)) return [float.NaN, float.PositiveInfinity, -1f, 0f];
        if (type == typeof(Number)) return [(Number)double.NaN, (Number)double.PositiveInfinity, (Number)(-1), (Number)0, (Number)long.MaxValue, (Number)1e300, (Number)true];
        if (type == typeof(ulong)) return [0UL, ulong.MaxValue];
        if (type == typeof(bool)) return [true, false];
        return null;
    }

    private static readonly string[] Places =
    [
        "dim", "index", "diagonal", "offset", "start", "axis", "shift", "correction", "ignore", "padding", "exponent", "divisor", "value", "min", "max", "tol",
        "alpha", "beta", "lr", "momentum", "decay", "gamma", "eps", "factor", "threshold", "slope", "lambd", "rho", "weight", "mean", "std", "rate", "low", "high",
        "nan", "inf", "delta", "smoothing", "norm", "seed", "at",
    ];

    private static IEnumerable<object> Indices(Type type)
    {
        if (type == typeof(Index)) return [Index.Start, Index.End, new Index(int.MaxValue), new Index(5, fromEnd: true)];
        if (type == typeof(Range)) return [Range.All, 2..1, 0..^9, new Range(int.MaxValue, int.MaxValue)];
        return [(TensorIndex)(-1), (TensorIndex)int.MaxValue, (TensorIndex)int.MinValue, (TensorIndex)(5..2), TensorIndex.Ellipsis, TensorIndex.NewAxis,
            (TensorIndex)Tensor.From([true, false]), (TensorIndex)Tensor.From([9L, -9]), (TensorIndex)Tensor.From([0.5f]), default(TensorIndex)];
    }

    private static Array One(Type element, int world, int depth) => Of(element, Plain(element, world, depth + 1));

    private static Array Of(Type element, object? value)
    {
        var array = Array.CreateInstance(element, 1);
        array.SetValue(value, 0);
        return array;
    }

    // A function that gives back what it gets, where the types allow it, and else something plain.
    private static Delegate Delegate(Type type, int world, int depth)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        ParameterExpression[] parameters = [.. invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType))];
        Expression body = invoke.ReturnType == typeof(void) ? Expression.Empty()
            : parameters.FirstOrDefault(p => invoke.ReturnType.IsAssignableFrom(p.Type)) is { } same ? same
            : Expression.Constant(Plain(invoke.ReturnType, world, depth + 1), invoke.ReturnType);
        return Expression.Lambda(type, body, parameters).Compile();
    }

    private static object? Constructed(Type type, int world, int depth)
    {
        if (depth > 4 || type.IsByRefLike || type.ContainsGenericParameters) throw new NotSupportedException($"No sample of {type}.");
        IEnumerable<Type> candidates = type.IsAbstract || type.IsInterface
            ? SurfaceWalk.Types.Where(t => type.IsAssignableFrom(t) && !t.IsAbstract && !t.ContainsGenericParameters) : [type];
        foreach (Type candidate in candidates)
        {
            if (candidate.IsValueType && candidate.GetConstructors().Length == 0) return Activator.CreateInstance(candidate);
            foreach (ConstructorInfo constructor in candidate.GetConstructors().OrderBy(c => c.GetParameters().Length))
            {
                try
                {
                    return Invocation.Of(constructor)!([.. constructor.GetParameters().Select(p => Plain(Invocation.ArgumentType(p.ParameterType), world, depth + 1))]);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                }
            }
        }
        throw new NotSupportedException($"No sample of {type}.");
    }

    private static Tensor Inference()
    {
        using GradScope _ = Autograd.InferenceMode();
        return Tensor.Ones(2, 3);
    }

    private sealed class Twice : Function
    {
        protected override Tensor Forward(Tensor x) => x * 2;

        protected override Tensor? Backward(Tensor g) => g * 2;
    }
}
