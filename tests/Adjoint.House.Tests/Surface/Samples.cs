using System.Linq.Expressions;
using System.Reflection;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Symbolic;
using Adjoint.Training;
using Adjoint.Vision;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface;

/// <summary>A value for a parameter, made anew for each call.</summary>
internal sealed record Sample(string Label, Func<object?> Make);

/// <summary>Plain and odd values of every type that public members take.</summary>
internal static class Samples
{
    // Made before anything is walked through: hooks of all modules may throw afterwards.
    private static readonly ModuleSummary s_summary = new Adjoint.Nn.Linear(3, 3).Summary([2, 3]);

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
        [typeof(Sizes)] = () => (Sizes)2,
        [typeof(TensorIndex)] = () => (TensorIndex)0,
        [typeof(Generator)] = () => new Generator(1),
        [typeof(Module)] = () => new Adjoint.Nn.Linear(3, 3),
        [typeof(Dataset)] = () => new TensorDataset(Tensor.Ones(4, 3), Tensor.Ones(4)),
        [typeof(IterableDataset)] = () => IterableDataset.Of(() => new TensorDataset(Tensor.Ones(4, 3), Tensor.Ones(4))),
        [typeof(ClassMetric)] = () => new F1Score(3),
        [typeof(SummaryWriter)] = () => new SummaryWriter("runs"),
        [typeof(TrainingEvent)] = () => new StepDone(1, 0, 1, 4, 0.5),
        [typeof(EvaluationResult)] = () => new EvaluationResult(0.5, new Dictionary<string, double>(), 4),
        [typeof(Trainer)] = () =>
        {
            var net = new Adjoint.Nn.Linear(3, 3);
            return new Trainer(net, new SGD(net.Parameters()), (Tensor output, Tensor target) => output.Sum());
        },
        [typeof(ImageTransform)] = () => new ToTensor(),
        [typeof(CsvDataset)] = Table,
        [typeof(ImageFolder)] = Pictures,
        [typeof(Optimizer)] = () => new SGD([Tensor.Ones([3], requiresGrad: true)]),
        [typeof(ParamGroup)] = () => new ParamGroup([Tensor.Ones([3], requiresGrad: true)]),
        [typeof(SequentialLR)] = () =>
        {
            var optimizer = new SGD([Tensor.Ones([3], requiresGrad: true)]);
            return new SequentialLR(optimizer, [new StepLR(optimizer, 2), new ExponentialLR(optimizer, 0.5)], [3]);
        },
        [typeof(LRScheduler)] = () => new StepLR(new SGD([Tensor.Ones([3], requiresGrad: true)]), 2),
        [typeof(ChainedScheduler)] = () => new ChainedScheduler(new StepLR(new SGD([Tensor.Ones([3], requiresGrad: true)]), 2)),
        [typeof(AvgPool)] = () => new AvgPool2d(2),
        [typeof(MaxPool)] = () => new MaxPool2d(2),
        [typeof(DistributedSampler)] = () => new DistributedSampler(4, 2, 1),
        [typeof(AdaptiveLogSoftmaxWithLoss)] = () => new AdaptiveLogSoftmaxWithLoss(4, 8, [2]),
        [typeof(PackedSequence)] = () => Sequences.PackPaddedSequence(Tensor.Ones(4, 2, 3), [4, 2]),
        [typeof(RNN)] = () => new RNN(3, 2),
        [typeof(LSTM)] = () => new LSTM(3, 2),
        [typeof(GRU)] = () => new GRU(3, 2),
        [typeof(Muon)] = () => new Muon([Tensor.Ones([3, 2], requiresGrad: true)]),
        [typeof(AveragedModel)] = () => new AveragedModel(new Adjoint.Nn.Linear(3, 3)),
        [typeof(ModuleSummary)] = () => s_summary,
        [typeof(LayerSummary)] = () => s_summary.Layers[0],
        [typeof(ParamGroupOptions)] = () => new SGD([Tensor.Ones([3], requiresGrad: true)]).ParamGroups[0].Options,
        [typeof(LinalgGroup)] = () => Tensor.Eye(3).Linalg,
        [typeof(SpecialGroup)] = () => Tensor.Eye(3).Special,
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
        [typeof(double[])] = () => new[] { 0.5, 0.25, 2 },
        [typeof(Assembly)] = () => typeof(Samples).Assembly,
        [typeof(Expression<Func<double, double>>)] = () => (Expression<Func<double, double>>)(x => x * x),
        [typeof(Expression<Func<double, double, double>>)] = () => (Expression<Func<double, double, double>>)((x, y) => x * y),
        [typeof(Expression<Func<double, double, double, double>>)] = () =>
            (Expression<Func<double, double, double, double>>)((x, y, z) => x * y + z),
        [typeof(Adjoint.Symbolic.Sum)] = () => Expr.Parse("x + y"),
        [typeof(Adjoint.Symbolic.Product)] = () => Expr.Parse("x * y"),
        [typeof(Adjoint.Symbolic.Power)] = () => Expr.Parse("x^3"),
        [typeof(UnaryCall)] = () => Expr.Parse("sin(x)"),
        [typeof(BinaryCall)] = () => Expr.Parse("atan2(y, x)"),
        [typeof(RecordedGraph)] = () => RecordedGraph.Of(Tensor.Ones([3], requiresGrad: true) * 2),
        [typeof(AccumulateGrad)] = () => (Tensor.Ones([3], requiresGrad: true) * 2).GradFn!.NextFunctions[0].Node,
        [typeof(HookHandle)] = () => Tensor.Ones([3], requiresGrad: true).RegisterHook(g => g),
        [typeof(ModeScope)] = () => Autograd.NoGrad(),
        [typeof(OpMode)] = () => new Looking(),
        [typeof(OpCall)] = () => Looking.Call(),
        [typeof(Profile)] = Profiled,
        [typeof(Graph)] = Captured,
        [typeof(GraphOperation)] = () => Captured().Operations[0],
        [typeof(GraphTensor)] = () => Captured().Outputs[0],
        [typeof(GraphValue)] = () => Captured().Outputs[0].Value,
        [typeof(GraphMemory)] = () => Captured().Memories[0],
        [typeof(GraphGradient)] = () => new GraphGradient(Captured().Memories[0], null, true),
        [typeof(GraphSummary)] = () => Captured().Summary(),
        [typeof(GraphExplanation)] = Explained,
        [typeof(GraphCause)] = () => new GraphCause(Captured().Operations[0], "of this"),
        [typeof(GraphTerm)] = () => new GraphTerm(Captured().Operations[0], Captured().Outputs[0], [0], 2, 1, null, "2 · 1"),
        [typeof(GraphShare)] = () => new GraphShare("mul", 1, 1, [Captured().Operations[0]]),
        [typeof(GraphStep)] = () => new GraphStep(Captured().Operations[0], "mul", 2, 2, 1),
        [typeof(Compiled)] = () => Compiled.Function((Func<Tensor, Tensor>)(x => x * 2)),
        [typeof(MemoryScope)] = () => Cpu.Memory.Scope(),
        [typeof(GraphEntries)] = () => Captured().Entries(),
        [typeof(GraphEntry)] = () => Captured().Entries().Result,
        [typeof(IGraph<GraphEntry>)] = () => Captured().Entries(),
        [typeof(DataLoader)] = () => new DataLoader(new TensorDataset(Tensor.Ones(4, 3))),
        [typeof(Op)] = () => OpTable.All[0],
        [typeof(Adjoint.Symbolic.Trace)] = () => Adjoint.Symbolic.Trace.Of(Expr.Parse("x^2 + sin(x)"), ("x", 0.5)),
        [typeof(CompiledFormula)] = () => Expr.Parse("x^2 + sin(x)").Compile("x"),
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
        ("disposed", Disposed),
        ("parameter", () => Tensor.Ones(3, 3).AsParameter()),
    ];

    private static readonly Dictionary<(Type, int), Func<object?>?> s_constructed = [];
    private static readonly Dictionary<(Type, int), Delegate> s_delegates = [];

    /// <summary>How many plain worlds there are: each has another tensor for all parameters.</summary>
    internal const int Worlds = 5;

    /// <summary>The value of a type that most members can do something with; throws where there is none.</summary>
    internal static object? Plain(Type type, int world, int depth = 0)
    {
        if (type == typeof(Tensor)) return Tensors[world].Make();
        if (Nullable.GetUnderlyingType(type) is { } inner) return Plain(inner, world, depth);
        if (Known.TryGetValue(type, out Func<object?>? known)) return known();
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0);
        if (type.IsArray) return One(type, Plain(type.GetElementType()!, world, depth + 1));
        if (typeof(Delegate).IsAssignableFrom(type)) return Function(type, world, depth);
        if (type.IsInterface && type.IsGenericType && type.GetGenericArguments() is [var element]
            && type.IsAssignableFrom(element.MakeArrayType()))
            return Plain(element.MakeArrayType(), world, depth + 1);
        if (type.IsInterface && type.IsGenericType && type.GetGenericArguments() is [var key, var value] &&
            type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(key, value)))
        {
            return Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value));
        }
        return Constructed(type, world, depth);
    }

    /// <summary>Values of a parameter that a user could give by mistake or on purpose.</summary>
    internal static IEnumerable<Sample> Odd(Type type)
    {
        if (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null) yield return new Sample("null", () => null);
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Tensor))
        {
            foreach ((string label, Func<Tensor?> make) in Tensors) yield return new Sample(label, make);
        }
        else if (Values(type) is { } values)
        {
            foreach (object value in values) yield return new Sample(Label(value), () => value);
        }
        else if (type.IsEnum)
        {
            foreach (object item in Enum.GetValues(type)) yield return new Sample($"{item}", () => item);
            yield return new Sample("no member", () => Enum.ToObject(type, 99));
        }
        else if (
            type.IsArray || (
                type.IsInterface && type.IsGenericType && type.GetGenericArguments() is [var one]
                && type.IsAssignableFrom(one.MakeArrayType())))
        {
            if (type.IsArray && type.GetArrayRank() > 1)
            {
                yield return new Sample("0 x 0", () => Array.CreateInstance(type.GetElementType()!, new int[type.GetArrayRank()]));
                yield break;
            }
            Type element = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0];
            yield return new Sample("[]", () => Array.CreateInstance(element, 0));
            if (!element.IsValueType) yield return new Sample("[null]", () => Array.CreateInstance(element, 1));
            foreach (Sample sample in Odd(element).Where(s => s.Label != "null"))
                yield return new Sample($"[{sample.Label}]", () => One(element.MakeArrayType(), sample.Make()));
        }
        else if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return new Sample("throws", () => Throwing(type));
            if (!type.GetMethod("Invoke")!.ReturnType.IsValueType) yield return new Sample("gives null", () => GivingNull(type));
        }
        else
        {
            yield return new Sample("plain", () => Plain(type, 0));
            if (type.IsValueType) yield return new Sample("default", () => Activator.CreateInstance(type));
        }
    }

    private static string Label(object value) =>
        value is string { Length: > 20 } text ? $"{text[..5]}…" : value is string or char ? $"\"{value}\"" : $"{value}";

    private static IReadOnlyList<object>? Values(Type type)
    {
        if (type == typeof(int)) return [-1, 0, 2, 70, int.MinValue, int.MaxValue];
        if (type == typeof(long)) return [-1L, 0L, 2L, long.MinValue, long.MaxValue];
        if (type == typeof(double)) return [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1.0, 0.0, 2.0, 1e-300, 1e300];
        if (type == typeof(float)) return [float.NaN, float.PositiveInfinity, -1f, 0f, float.MaxValue];
        if (type == typeof(Half)) return [Half.NaN, Half.PositiveInfinity, (Half)(-1)];
        if (type == typeof(decimal)) return [decimal.MinValue, decimal.MaxValue, 0m];
        if (type == typeof(byte)) return [(byte)0, byte.MaxValue];
        if (type == typeof(char)) return ['\0', ' ', '<', '\uD800', '\x1b'];
        if (type == typeof(ulong)) return [0UL, ulong.MaxValue];
        if (type == typeof(bool)) return [true, false];
        if (type == typeof(Number))
            return [(Number)double.NaN, (Number)double.PositiveInfinity, (Number)(-1), (Number)0, (Number)long.MinValue,
                (Number)long.MaxValue, (Number)1e300, (Number)true, default(Number)];
        if (type == typeof(string))
            return ["", " ", "x", "..", "ij,jk->ik", "1/0", "\0", "((", "é", "\uD800", "{0}", "<b>", "\x1b[2J", "\r\n",
                new string('x', 300)];
        if (type == typeof(Shape))
            return [Shape.Scalar, Shape.Of(0), Shape.Of(3), Shape.Of(2, 0, 3), Shape.Of(3, 2), Shape.Of(int.MaxValue)];
        if (type == typeof(Index)) return [Index.Start, Index.End, new Index(int.MaxValue), new Index(5, fromEnd: true)];
        if (type == typeof(Range)) return [Range.All, 2..1, 0..^9, new Range(int.MaxValue, int.MaxValue)];
        if (type == typeof(Type)) return [typeof(int), typeof(void), typeof(List<>), typeof(Span<int>)];
        if (type == typeof(TensorIndex))
            return [(TensorIndex)(-1), (TensorIndex)int.MaxValue, (TensorIndex)int.MinValue, (TensorIndex)(5..2), TensorIndex.Ellipsis,
                TensorIndex.NewAxis,
                (TensorIndex)Tensor.From([true, false]), (TensorIndex)Tensor.From([9L, -9]), (TensorIndex)Tensor.From([0.5f]),
                default(TensorIndex)];
        return null;
    }

    private static Array One(Type array, object? value)
    {
        var one = Array.CreateInstance(array.GetElementType()!, [.. Enumerable.Repeat(1, array.GetArrayRank())]);
        one.SetValue(value, new int[array.GetArrayRank()]);
        return one;
    }

    // A function that gives back what it gets, where the types allow it, and else something plain.
    private static Delegate Function(Type type, int world, int depth)
    {
        if (s_delegates.TryGetValue((type, world), out Delegate? made)) return made;
        MethodInfo invoke = type.GetMethod("Invoke")!;
        ParameterExpression[] parameters = Parameters(invoke);
        Expression body = invoke.ReturnType == typeof(void) ? Expression.Empty()
            : parameters.FirstOrDefault(p => invoke.ReturnType.IsAssignableFrom(p.Type)) is { } same ? same
            : Expression.Convert(
                Expression.Call(typeof(Samples), nameof(Plain), [], Expression.Constant(invoke.ReturnType, typeof(Type)),
                    Expression.Constant(world), Expression.Constant(depth + 1)), invoke.ReturnType);
        return s_delegates[(type, world)] = Expression.Lambda(type, body, parameters).Compile();
    }

    private static Delegate Throwing(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        return Expression.Lambda(type, Expression.Throw(Expression.New(typeof(CallersException)), invoke.ReturnType),
            Parameters(invoke)).Compile();
    }

    private static Delegate GivingNull(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        return Expression.Lambda(type, Expression.Default(invoke.ReturnType), Parameters(invoke)).Compile();
    }

    private static ParameterExpression[] Parameters(MethodInfo invoke) =>
        [.. invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType))];

    private static object? Constructed(Type type, int world, int depth)
    {
        if (!s_constructed.TryGetValue((type, world), out Func<object?>? make))
        {
            make = Recipe(type, world, depth);
            // On the way one may have been found that needs no other of its kind: what is made of another would need itself.
            if (s_constructed.TryGetValue((type, world), out Func<object?>? inner) && inner is not null) make = inner;
            s_constructed[(type, world)] = make;
        }
        return (make ?? throw new NotSupportedException($"No sample of {type}."))();
    }

    // The first constructor that takes plain arguments.
    private static Func<object?>? Recipe(Type type, int world, int depth)
    {
        if (depth > 4 || type.IsByRefLike || type.ContainsGenericParameters) return null;
        IEnumerable<Type> candidates = type.IsAbstract || type.IsInterface
            ? PublicSurface.Types.Where(t => type.IsAssignableFrom(t) && !t.IsAbstract && !t.ContainsGenericParameters) : [type];
        foreach (Type candidate in candidates)
        {
            if (candidate.IsValueType && candidate.GetConstructors().Length == 0) return () => Activator.CreateInstance(candidate);
            foreach (ConstructorInfo constructor in candidate.GetConstructors().OrderBy(c => c.GetParameters().Length))
            {
                if (Invocation.Of(constructor) is not { } call) continue;
                ParameterInfo[] parameters = constructor.GetParameters();
                // What is made of another of its kind, as a stack of layers is, is not what one begins with.
                if (parameters.Any(p => p.ParameterType == type)) continue;
                if (Works(() => call([.. parameters.Select(p => PlainOrDefault(p, world, depth + 1))])) is { } make) return make;
            }
            // What has no constructor of its own has a method that makes it.
            foreach (
                MethodInfo factory in candidate.GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Where(m => candidate.IsAssignableFrom(m.ReturnType)))
            {
                if (Invocation.Of(factory) is not { } call) continue;
                ParameterInfo[] parameters = factory.GetParameters();
                if (parameters.Any(p => p.ParameterType == candidate)) continue;
                if (Works(() => call([.. parameters.Select(p => PlainOrDefault(p, world, depth + 1))])) is { } make) return make;
            }
        }
        return null;
    }

    private static Func<object?>? Works(Func<object?> make)
    {
        try
        {
            return make() is null ? null : make;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static object? PlainOrDefault(ParameterInfo parameter, int world, int depth) =>
        parameter.HasDefaultValue && parameter.DefaultValue is null && !parameter.ParameterType.IsValueType ? null
        : parameter.HasDefaultValue && Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        && parameter.DefaultValue is null ? null
        : Plain(Invocation.ArgumentType(parameter.ParameterType), world, depth);

    private static Tensor Inference()
    {
        using GradScope _ = Autograd.InferenceMode();
        return Tensor.Ones(2, 3);
    }

    private static Tensor Disposed()
    {
        Tensor tensor = Tensor.Ones(2, 3);
        tensor.Dispose();
        return tensor;
    }

    /// <summary>What a function of the caller's throws.</summary>
    internal sealed class CallersException : Exception;

    private sealed class Twice : Function
    {
        protected override Tensor Forward(Tensor x) => x * 2;

        protected override Tensor? Backward(Tensor g) => g * 2;
    }

    private static CsvDataset Table()
    {
        File.WriteAllText("table.csv", "a,b\n1,2\n3,4\n");
        return CsvDataset.Load("table.csv", target: "b");
    }

    private static ImageFolder Pictures()
    {
        Directory.CreateDirectory("pictures/cat");
        ImageFile.Save("pictures/cat/1.png", Tensor.Full([3, 2, 2], 7L, DType.UInt8));
        return new ImageFolder("pictures");
    }

    private static Graph Captured()
    {
        Tensor w = Tensor.Ones([3], requiresGrad: true);
        return Graph.Capture(() => (w * 2).Sum());
    }

    private static GraphExplanation Explained()
    {
        Tensor w = Tensor.Ones([3], requiresGrad: true);
        // Modes that a call before left behind are not this one's.
        return Graph.Capture(() =>
        {
            using GradScope _ = Autograd.EnableGrad();
            (w * 2).Sum().Backward();
        }).Explain(w, 1);
    }

    private static Profile Profiled()
    {
        Profile profile;
        using (profile = Autograd.Profile()) Tensor.Ones(2).Exp();
        return profile;
    }

    private sealed class Looking : OpMode
    {
        private OpCall? _last;

        internal static OpCall Call()
        {
            var looking = new Looking();
            using (looking.Enter()) Tensor.Ones(2).Exp();
            return looking._last!;
        }

        protected override IReadOnlyList<Tensor?> Run(OpCall call) => (_last = call).Run();
    }
}
