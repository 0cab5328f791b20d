using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface;

/// <summary>
/// Every option of every optimizer, schedule, layer, loss, dataset, sampler and loader says in its documentation what it can be, is that,
/// and nothing else: what is tried is read from the documentation.
/// </summary>
public partial class OptionTests
{
    private static readonly XDocument s_documentation = XDocument.Load(Path.ChangeExtension(typeof(Module).Assembly.Location, ".xml"));

    public static TheoryData<string> Options => [.. Constructors().SelectMany(c => Numbers(c).Select(p => Name(c, p)))];

    [Theory]
    [MemberData(nameof(Options))]
    public void An_option_is_refused_out_of_its_documented_range_and_taken_in_it(string option)
    {
        (ConstructorInfo constructor, ParameterInfo parameter) =
            Constructors().SelectMany(c => Numbers(c).Select(p => (c, p))).First(o => Name(o.c, o.p) == option);
        Ranged range = Documented(constructor, parameter).ShouldNotBeNull($"{option}: the documentation names no range.");
        foreach (object value in Tried(parameter.ParameterType))
        {
            Exception? thrown = Thrown(() => Make(constructor, parameter, value));
            if (range.Contains(Convert.ToDouble(value, CultureInfo.InvariantCulture)))
            {
                thrown.ShouldBeNull($"{option} = {value} is {range.Text}");
                continue;
            }
            var refused = thrown.ShouldBeAssignableTo<ArgumentException>($"{option} = {value} is not {range.Text}, but gave {thrown?.ToString() ?? "an object"}")!;
            // Of two ends that do not fit either may be the wrong one.
            if (!range.IsOfTwoEnds)
                Plain(refused.ParamName!).ShouldBe(Plain(parameter.Name!), refused.Message);
            refused.Message.ShouldContain(string.Format(CultureInfo.InvariantCulture, "{0}", value));
        }
    }

    public static TheoryData<Type> Optimizers =>
        [.. typeof(Optimizer).Assembly.GetExportedTypes().Where(t => typeof(Optimizer).IsAssignableFrom(t) && !t.IsAbstract)];

    [Theory]
    [MemberData(nameof(Optimizers), DisableDiscoveryEnumeration = true)]
    public void An_option_that_is_changed_later_is_refused_as_by_the_constructor_and_stays_as_it_was(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().First(c => c.GetParameters()[0].ParameterType == typeof(IEnumerable<Tensor>));
        foreach (ParameterInfo parameter in Numbers(constructor))
        {
            var optimizer = (Optimizer)Make(constructor, parameter, parameter.DefaultValue!);
            ParamGroup group = optimizer.ParamGroups[0];
            if (group.Options.Keys.FirstOrDefault(k => Plain(k) == Plain(parameter.Name!)) is not { } name) continue;
            Ranged range = Documented(constructor, parameter)!;
            bool isWhole = parameter.ParameterType == typeof(int);
            foreach (double value in Tried(parameter.ParameterType).Select(x => Convert.ToDouble(x, CultureInfo.InvariantCulture)))
            {
                object? before = group[name];
                Exception? thrown = Thrown(() => group[name] = value);
                if (range.Contains(value))
                {
                    thrown.ShouldBeNull();
                    group[name] = before;
                    continue;
                }
                thrown.ShouldBeAssignableTo<ArgumentException>($"{type.Name}.{name} = {value}")!.ParamName.ShouldBe(name);
                group[name].ShouldBe(before);
                if (name == "lr") Should.Throw<ArgumentException>(() => group.Lr = value).ParamName.ShouldBe("lr");

                // So is what is set in the dictionary, and a record.
                Should.Throw<ArgumentException>(() => group.Options[name] = value).ParamName.ShouldBe(name);
                group[name].ShouldBe(before);
            }
            if (isWhole) Should.Throw<ArgumentException>(() => group[name] = 1.5).Message.ShouldContain(name);
            else group[name] = ((float[])[0.5f, -0.5f, 1.5f]).First(x => range.Contains(x));
            group[name] = parameter.DefaultValue;
            Should.Throw<ArgumentException>(() => group[name] = "fast").Message.ShouldContain(name);
            Should.Throw<ArgumentException>(() => group[name] = null).Message.ShouldContain(name);
        }
    }

    private static IEnumerable<ConstructorInfo> Constructors()
    {
        Type[] kinds =
            [typeof(Optimizer), typeof(LRScheduler), typeof(ReduceLROnPlateau), typeof(Module), typeof(Dataset), typeof(Sampler),
                typeof(BatchSampler), typeof(DataLoader)];
        return typeof(Module).Assembly.GetExportedTypes().Where(t => !t.IsAbstract && kinds.Any(k => k.IsAssignableFrom(t)))
            .SelectMany(t => t.GetConstructors());
    }

    private static IEnumerable<ParameterInfo> Numbers(ConstructorInfo constructor) =>
        constructor.GetParameters()
        .Where(p => (Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType) is var t
            && (t == typeof(double) || t == typeof(float) || t == typeof(int) || t == typeof(long)));

    private static string Name(ConstructorInfo constructor, ParameterInfo parameter) =>
        $"{constructor.DeclaringType!.Name}({string.Join(", ", constructor.GetParameters().Take(1).Select(p => p.ParameterType.Name.Split('`')[0] + (p.ParameterType.GenericTypeArguments is [var t] ? $" of {t.Name}" : "")))}): {parameter.Name}";

    private static IEnumerable<object> Tried(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int)) return [-1, 0, 1, 2, int.MinValue];
        if (type == typeof(long)) return [-1L, 0L, 1L, long.MinValue, long.MaxValue];
        if (type == typeof(float)) return [float.NaN, -1f, 0f, 0.5f, 1f, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue];
        return [double.NaN, -1.0, -double.Epsilon, 0.0, 1e-300, 0.5, 1.0, Math.BitIncrement(1.0), 2.0, 1e300, double.PositiveInfinity,
            double.NegativeInfinity];
    }

    /// <summary>An object with one option and plain values for the rest.</summary>
    private static object Make(ConstructorInfo constructor, ParameterInfo option, object value) =>
        constructor.Invoke(BindingFlags.DoNotWrapExceptions, null,
        [.. constructor.GetParameters()
            .Select(p => p.Position == option.Position ? value : p.HasDefaultValue ? Default(p) : Given(p))], null);

    private static object? Default(ParameterInfo parameter) =>
        parameter.ParameterType.IsEnum && parameter.DefaultValue is { } number
        ? Enum.ToObject(parameter.ParameterType, number)
        : parameter.Name == "nhead" ? 1 : parameter.DefaultValue;      // so that it divides every width that is tried

    private static object? Given(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var t when t == typeof(Optimizer) => new SGD([Tensor.Ones([2], requiresGrad: true)], lr: 0.5),
        // All groups and heads that are tried divide them, and what is to be smaller than another is.
        var t when t == typeof(int) => parameter.Name switch
        {
            "nClasses" => 8,
            "hiddenSize" => 3,
            "embedDim" or "dModel" => 2,
            { } name when name.EndsWith("Channels", StringComparison.Ordinal) => 2,
            "rank" => 0,
            _ => 1,
        },
        var t when t == typeof(IReadOnlyList<int>) => new[] { 1 },
        var t when t == typeof(double) => 0.5,
        var t when t == typeof(IReadOnlyList<double>) => new double[] { 1, 2 },
        var t when t == typeof(IEnumerable<Tensor>) => new[] { Tensor.Ones([2, 2], requiresGrad: true) },
        var t when t == typeof(IEnumerable<ParamGroup>) => new[] { new ParamGroup([Tensor.Ones([2, 2], requiresGrad: true)]) },
        var t when t == typeof(LabelledImages) => new LabelledImages(1, 1, [0], [0]),
        var t => Samples.Plain(t, 0),
    };

    private static Exception? Thrown(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>What the documentation of a parameter says it can be.</summary>
    private sealed record Ranged(string Text, Func<double, bool> Contains)
    {
        internal bool IsOfTwoEnds => Text.StartsWith("any number", StringComparison.Ordinal) || EndedBy().IsMatch(Text);
    }

    [GeneratedRegex(@"any finite number (up to|from) (\w+)")]
    private static partial Regex EndedBy();

    private static Ranged? Documented(ConstructorInfo constructor, ParameterInfo parameter)
    {
        // The overloads of a constructor share the documentation of the first.
        string prefix = $"M:{constructor.DeclaringType!.FullName}.#ctor(";
        string text =
            s_documentation.Descendants("member")
            .Where(m => m.Attribute("name")!.Value.StartsWith(prefix, StringComparison.Ordinal)
                || m.Attribute("name")!.Value == $"T:{constructor.DeclaringType.FullName}")
            .SelectMany(m => m.Elements("param")).FirstOrDefault(p => p.Attribute("name")!.Value == parameter.Name)?.Value ?? "";
        if (Regex.Match(text, @"in ([\[(])([\d.]+), ([\d.]+)([\])])") is { Success: true } between)
        {
            double low = Number(between.Groups[2]), high = Number(between.Groups[3]);
            return new(
                between.Value,
                x => (x > low || (x == low && between.Groups[1].Value == "["))
                && (x < high || (x == high && between.Groups[4].Value == "]")));
        }
        // Of so many as all plain values are: one.
        if (text.Contains("at least 0 and below the number", StringComparison.Ordinal)) return new("at least 0 and below 1", x => x is 0);
        if (Regex.Match(text, @"(at least|above) ([\d.]+)") is { Success: true } least)
            return new(
                least.Value, x =>
                    (x > Number(least.Groups[2]) || (x == Number(least.Groups[2]) && least.Groups[1].Value == "at least"))
                    && double.IsFinite(x));
        if (Regex.Match(text, @"at most ([\d.]+)") is { Success: true } most)
            return new(most.Value, x => x <= Number(most.Groups[1]) && double.IsFinite(x));
        // The other end has its default value.
        if (EndedBy().Match(text) is { Success: true } ended)
        {
            var end = (double)constructor.GetParameters().Single(p => p.Name == ended.Groups[2].Value).DefaultValue!;
            bool isLow = ended.Groups[1].Value == "from";
            return new(ended.Value, x => double.IsFinite(x) && (isLow ? x >= end : x <= end));
        }
        if (text.Contains("any finite number", StringComparison.Ordinal)) return new("any finite number", double.IsFinite);
        if (text.Contains("any number, NaN too", StringComparison.Ordinal)) return new("any number, NaN too", _ => true);
        // The other end has its default value, 1 or −1.
        if (text.Contains("any number below", StringComparison.Ordinal)) return new("any number below 1", x => x < 1);
        if (text.Contains("any number above", StringComparison.Ordinal)) return new("any number above -1", x => x > -1);
        if (text.Contains("any number", StringComparison.Ordinal)) return new("any number", x => !double.IsNaN(x));
        if (text.Contains("any dimension", StringComparison.Ordinal) || text.Contains("any whole number", StringComparison.Ordinal))
            return new("any whole number", _ => true);
        if (text.Contains("negative numbers count from the end", StringComparison.Ordinal)) return new("one of one", x => x is 0 or -1);
        return null;
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);
}
