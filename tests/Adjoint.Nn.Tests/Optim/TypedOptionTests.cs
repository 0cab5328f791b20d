using System.Reflection;
using Adjoint.Optim;

namespace Adjoint.Tests.Optim;

/// <summary>The options of a group are a record of the optimizer's; what is read and set by name is a view of it.</summary>
public class TypedOptionTests
{
    private static Tensor Leaf => Tensor.From([1f, 2f], requiresGrad: true);

    public static TheoryData<Type> Optimizers =>
        [.. typeof(Optimizer).Assembly.GetExportedTypes().Where(t => typeof(Optimizer).IsAssignableFrom(t) && !t.IsAbstract)];

    /// <summary>Every optimizer takes numbers one by one or as a record, and both say the same when nothing is said.</summary>
    [Theory]
    [MemberData(nameof(Optimizers), DisableDiscoveryEnumeration = true)]
    public void A_record_says_what_the_arguments_of_the_constructor_say(Type type)
    {
        Optimizer Made(params object?[] arguments) =>
            (Optimizer)type.InvokeMember("", BindingFlags.CreateInstance | BindingFlags.OptionalParamBinding, null, null, arguments)!;
        Tensor leaf = type == typeof(Muon) ? Tensor.Ones([1, 2], requiresGrad: true) : Leaf;
        Optimizer plain = Made(new[] { leaf }.AsEnumerable(), 1e-2);
        Type options = type.GetConstructors().SelectMany(c => c.GetParameters())
            .Select(p => p.ParameterType).First(t => t.Name.EndsWith("Options", StringComparison.Ordinal));
        ConstructorInfo record = options.GetConstructors().First(c => c.GetParameters().Length > 1);
        object said = record.Invoke([.. record.GetParameters().Select(p => p.Name == "Lr" ? 1e-2 : p.DefaultValue)]);
        Optimizer byRecord = Made(new[] { leaf }.AsEnumerable(), said);
        Shown(byRecord.ParamGroups[0].Options).ShouldBe(Shown(plain.ParamGroups[0].Options));
        Shown(byRecord.Defaults).ShouldBe(Shown(plain.Defaults));
        plain.Defaults.Count.ShouldBe(options.GetProperties().Length);
    }

    private static IEnumerable<string> Shown(IEnumerable<KeyValuePair<string, object?>> options) => options.Select(option =>
        $"{option.Key}: {(option.Value is double[] list ? string.Join(' ', list) : $"{option.Value} ({option.Value?.GetType()})")}");

    [Fact]
    public void A_group_shows_its_record_and_takes_another()
    {
        var optimizer = new SGD([new ParamGroup([Leaf]), new ParamGroup([Leaf]) { ["momentum"] = 0.5f, ["name"] = "head" }],
            new SgdOptions { Lr = 0.1 });
        ParamGroup head = optimizer.ParamGroups[1];
        optimizer.OptionsOf(head).ShouldBe(new SgdOptions { Lr = 0.1, Momentum = 0.5 });
        head["weight_decay"] = 1;
        optimizer.OptionsOf(head).WeightDecay.ShouldBe(1);
        optimizer.SetOptions(head, optimizer.OptionsOf(head) with { Lr = 0.2, Nesterov = true });
        (head.Lr, head["nesterov"], head["name"]).ShouldBe((0.2, true, "head"));
        head.Options.Keys.ShouldBe(["lr", "momentum", "dampening", "weight_decay", "nesterov", "maximize", "name"]);
        optimizer.Defaults["momentum"].ShouldBe(0.0);

        SgdOptions before = optimizer.OptionsOf(head);
        Should.Throw<ArgumentException>(() => optimizer.SetOptions(head, before with { Momentum = 0 })).Message.ShouldContain("Nesterov");
        Should.Throw<ArgumentOutOfRangeException>(() => optimizer.SetOptions(head, before with { Lr = double.NaN })).ParamName.ShouldBe("lr");
        Should.Throw<ArgumentException>(() => head["momentum"] = 0);
        optimizer.OptionsOf(head).ShouldBe(before);
        Should.Throw<ArgumentException>(() => head.Options.Remove("lr")).Message.ShouldContain("cannot be removed");
        head.Options.Remove("name").ShouldBeTrue();
        Should.Throw<ArgumentException>(() => head.Options.Add("lr", 1.0)).Message.ShouldContain("already");
    }

    [Fact]
    public void A_group_has_the_options_of_one_optimizer()
    {
        Tensor p = Leaf;
        var group = new ParamGroup([p]) { ["lr"] = 0.5 };
        var first = new SGD([group], momentum: 0.9);
        var second = new Adam([group]);
        second.OptionsOf(group).Lr.ShouldBe(0.5);
        p.Grad = p.OnesLike();
        Should.Throw<ArgumentException>(first.Step).Message.ShouldContain("the group belongs to Adam");
        Should.Throw<ArgumentException>(() => first.LoadStateDict(first.StateDict())).Message.ShouldContain("belongs to Adam");
        Should.Throw<ArgumentException>(() => first.OptionsOf(new ParamGroup([p]))).Message.ShouldContain("no optimizer");
        p.ToArray<float>().ShouldBe([1, 2]);
        second.Step();
    }

    [Fact]
    public void What_is_refused_leaves_the_groups_as_they_were()
    {
        var good = new ParamGroup([Leaf]);
        var first = new SGD([good], 0.1);
        Should.Throw<ArgumentException>(() => new Adam([good, new ParamGroup([Leaf]) { ["eps"] = -1.0 }])).ParamName.ShouldBe("eps");
        first.OptionsOf(good).Lr.ShouldBe(0.1);
        Should.Throw<ArgumentException>(() => first.AddParamGroup(new ParamGroup([Leaf]) { ["lr"] = "fast" })).ParamName.ShouldBe("lr");
        first.ParamGroups.Count.ShouldBe(1);

        OptimizerState state = first.StateDict();
        var wrong = new Dictionary<string, object?>(state.ParamGroups[0].Options) { ["momentum"] = -1, ["lr"] = 0.7, ["name"] = "x" };
        Should.Throw<ArgumentException>(() => first.LoadStateDict(state with { ParamGroups = [new(wrong, [0])] }));
        first.OptionsOf(good).Lr.ShouldBe(0.1);
        good.Options.ContainsKey("name").ShouldBeFalse();
    }

    private sealed class Loose
    {
        public double Lr { get; set; } = 0.1;

        public long Steps { get; set; }
    }

    private sealed class Plain(Tensor p, Loose options) : Optimizer<Loose>([p], options)
    {
        public Loose? Seen { get; private set; }

        protected override void Step(ParamGroup group, Loose options) => Seen = options;
    }

    private sealed record Lazy(double Lr)
    {
        public double Half => Lr / 2;
    }

    private sealed class Computed(Tensor p) : Optimizer<Lazy>([p], new Lazy(1))
    {
        protected override void Step(ParamGroup group, Lazy options)
        {
        }
    }

    [Fact]
    public void A_class_of_options_is_copied_and_a_computed_option_is_refused()
    {
        var mine = new Loose();
        var optimizer = new Plain(Leaf, mine);
        mine.Lr = double.NaN;
        optimizer.Step();
        optimizer.Seen!.Lr.ShouldBe(0.1);
        optimizer.ParamGroups[0]["steps"] = long.MaxValue;
        optimizer.Step();
        optimizer.Seen.Steps.ShouldBe(long.MaxValue);
        Should.Throw<ArgumentOutOfRangeException>(() => optimizer.ParamGroups[0]["steps"] = 0.5).Message.ShouldContain("whole");
        Should.Throw<NotSupportedException>(() => new Computed(Leaf)).Message.ShouldContain("Lazy.Half");
    }

    private sealed record LionishOptions(double Lr = 1e-2, double Sharpness = 2, int Warmup = 3) : AdamOptions(Lr);

    private sealed class Lionish(Tensor p, AdamOptions options) : Adam([p], options)
    {
        public double Sharpness { get; private set; }

        protected override void Check(AdamOptions options)
        {
            base.Check(options);
            if (options is LionishOptions { Warmup: < 0 }) throw new ArgumentOutOfRangeException("warmup");
        }

        protected override void Step(ParamGroup group, AdamOptions options)
        {
            Sharpness = ((LionishOptions)options).Sharpness;
            base.Step(group, options);
        }
    }

    /// <summary>A record that derives from ours has its own options in the view, in saved states, and after they were loaded.</summary>
    [Fact]
    public void Options_of_a_derived_record_are_kept()
    {
        Tensor p = Leaf;
        var first = new Lionish(p, new LionishOptions(Sharpness: 5));
        ParamGroup group = first.ParamGroups[0];
        (group["sharpness"], group["warmup"], group["beta1"], first.Defaults["sharpness"]).ShouldBe((5.0, 3, 0.9, 5.0));
        group["sharpness"] = 7;
        first.OptionsOf(group).ShouldBe(new LionishOptions(Sharpness: 7));
        p.Grad = p.OnesLike();
        first.Step();
        first.Sharpness.ShouldBe(7);
        Should.Throw<ArgumentOutOfRangeException>(() => group["warmup"] = -1);
        Should.Throw<ArgumentOutOfRangeException>(() => group["sharpness"] = double.NaN).ParamName.ShouldBe("sharpness");
        Should.Throw<ArgumentException>(() => group["sharpnes"] = 1).Message.ShouldContain("\"sharpness\"");
        var second = new Lionish(Leaf, new LionishOptions());
        second.LoadStateDict(first.StateDict());
        second.OptionsOf(second.ParamGroups[0]).ShouldBe(new LionishOptions(Sharpness: 7));

        // Options without them are those of another optimizer; AdamW's have no more than Adam's.
        Should.Throw<ArgumentException>(() => first.SetOptions(group, new AdamOptions())).Message.ShouldContain("LionishOptions");
        var adam = new Adam([p]);
        Should.Throw<ArgumentException>(() => adam.SetOptions(adam.ParamGroups[0], new LionishOptions())).Message.ShouldContain("LionishOptions");
        first.OptionsOf(group).ShouldBe(new LionishOptions(Sharpness: 7));
        var adamW = new AdamW([p]);
        adamW.SetOptions(adamW.ParamGroups[0], new AdamOptions(Lr: 0.5));
        adamW.OptionsOf(adamW.ParamGroups[0]).ShouldBe(new AdamWOptions(Lr: 0.5, WeightDecay: 0));
    }

    /// <summary>A name that is nearly an option's would be kept beside them, and do nothing.</summary>
    [Theory]
    [InlineData("WeightDecay", "weight_decay"), InlineData("weightdecay", "weight_decay"), InlineData("weight_decai", "weight_decay")]
    [InlineData("betas", "beta1"), InlineData("amsgrads", "amsgrad"), InlineData("LR", "lr")]
    public void A_name_that_is_nearly_an_option_is_refused(string name, string meant)
    {
        Tensor p = Tensor.Ones([2], requiresGrad: true);
        var optimizer = new Adam([p]);
        string before = string.Join(" ", optimizer.ParamGroups[0].Options);
        Should.Throw<ArgumentException>(() => optimizer.ParamGroups[0].Options[name] = 0.5).Message.ShouldContain($"\"{meant}\"");
        Should.Throw<ArgumentException>(() => optimizer.ParamGroups[0][name] = 0.5).Message.ShouldContain($"\"{meant}\"");
        Should.Throw<ArgumentException>(() => new Adam([new ParamGroup([p]) { [name] = 0.5 }])).Message.ShouldContain($"\"{meant}\"");
        string.Join(" ", optimizer.ParamGroups[0].Options).ShouldBe(before);
        optimizer.ParamGroups[0]["tag"] = "own";
        optimizer.ParamGroups[0].Options["initial_lr"] = 0.1;
    }
}
