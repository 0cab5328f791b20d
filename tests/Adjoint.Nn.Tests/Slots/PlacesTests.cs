#pragma warning disable ADJ0004 // places that are not found, on purpose
namespace Adjoint.Tests.Nn.Slots;

using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;
using Adjoint.Nn;
using Adjoint.Optim;

/// <summary>Layers and parameters are found wherever a program puts them, or the field is named.</summary>
public class PlacesTests
{
    private sealed class Holder(object? held) : Module
    {
        public object? held = held;
    }

    private record Pair(object? Left, int Number);

    private record struct Box(object? Content);

    private class Plain
    {
        private readonly object? _inner;

        public Plain(object? inner) => _inner = inner;

        public override string ToString() => $"{_inner}";
    }

    private sealed class Derived(object? inner) : Plain(inner);

    private sealed class Shelf(object? one) : IReadOnlyList<object?>
    {
        public object? this[int index] => one;

        public int Count => 1;

        public IEnumerator<object?> GetEnumerator() => Enumerable.Repeat(one, 1).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private static readonly (string Kind, Func<object?, object> Wrap, string Name)[] Kinds =
    [
        ("array", x => new[] { null, x }, ".1"),
        ("grid", x => new[,] { { null, null }, { x, null } }, ".1.0"),
        ("jagged", x => new object?[][] { [], [x] }, ".1.0"),
        ("list", x => new List<object?> { x }, ".0"),
        ("list of lists", x => new List<List<object?>> { new() { x } }, ".0.0"),
        ("read only", x => new ReadOnlyCollection<object?>([x]), ".0"),
        ("collection", x => new Collection<object?>([x]), ".0"),
        ("untyped list", x => new ArrayList { x }, ".0"),
        ("expression", x => Expression(x), ".0"),
        ("queue", x => new Queue<object?>([x]), ".0"),
        ("stack", x => new Stack<object?>([x]), ".0"),
        ("linked", x => new LinkedList<object?>([x]), ".0"),
        ("set", x => new HashSet<object?> { x }, ".0"),
        ("bag", x => new ConcurrentBag<object?>([x]), ".0"),
        ("immutable array", x => ImmutableArray.Create(x), ".0"),
        ("immutable list", x => ImmutableList.Create(x), ".0"),
        ("own list", x => new Shelf(x), ".0"),
        ("dictionary", x => new Dictionary<string, object?> { ["key"] = x }, ".key"),
        ("by number", x => new Dictionary<int, object?> { [-7] = x }, ".-7"),
        ("sorted", x => new SortedDictionary<string, object?> { ["key"] = x }, ".key"),
        ("ordered", x => new OrderedDictionary<string, object?> { ["key"] = x }, ".key"),
        ("concurrent", x => new ConcurrentDictionary<string, object?> { ["key"] = x }, ".key"),
        ("frozen", x => new Dictionary<string, object?> { ["key"] = x }.ToFrozenDictionary(), ".key"),
        ("immutable", x => new Dictionary<string, object?> { ["key"] = x }.ToImmutableDictionary(), ".key"),
        ("read only dictionary", x => new ReadOnlyDictionary<string, object?>(new Dictionary<string, object?> { ["key"] = x }), ".key"),
        ("untyped table", x => new Hashtable { ["key"] = x }, ".key"),
        ("tuple", x => (1, x), ".1"),
        ("long tuple", x => (1, 2, 3, 4, 5, 6, 7, 8, x), ".8"),
        ("tuple class", x => Tuple.Create("a", x), ".1"),
        ("record", x => new Pair(x, 1), ".left"),
        ("struct", x => new Box(x), ".content"),
        ("class", x => new Plain(x), ".inner"),
        ("derived class", x => new Derived(x), ".inner"),
        ("anonymous", x => new { Query = x, Count = 3 }, ".query"),
        ("pair", x => KeyValuePair.Create("k", x), ".value"),
        ("module", x => new Holder(x), ".held"),
    ];

    private static IReadOnlyList<object?> Expression(object? x) => [x];

    public static TheoryData<string> Outer => [.. Kinds.Select(k => k.Kind)];

    [Theory, MemberData(nameof(Outer))]
    public void A_layer_in_a_place_in_a_place_is_found(string outer)
    {
        (_, Func<object?, object> wrap, string place) = Kinds.Single(k => k.Kind == outer);
        new Holder(wrap(null)).Parameters().ShouldBeEmpty();
        new Holder(wrap("text")).Parameters().ShouldBeEmpty();
        new Holder(wrap(Tensor.Ones(1))).StateDict().ShouldBeEmpty();
        foreach ((string kind, Func<object?, object> inner, string name) in Kinds)
        {
            new Holder(wrap(inner(new Linear(1, 1)))).NamedParameters().Select(p => p.Name)
                .ShouldBe([$"held{place}{name}.weight", $"held{place}{name}.bias"], customMessage: kind);
            var holder = new Holder(wrap(inner(Tensor.Ones(1).AsParameter())));
            holder.StateDict().Keys.ToArray().ShouldBe([$"held{place}{name}"], customMessage: kind);
            new Adjoint.Optim.SGD(holder.Parameters(), lr: 0.1).ParamGroups[0].Parameters.Count.ShouldBe(1);
        }
    }

    private static IEnumerable<Linear> Iterator()
    {
        yield return new Linear(1, 1);
    }

    private sealed class Maker : IReadOnlyCollection<Module>
    {
        public int Count => 1;

        public IEnumerator<Module> GetEnumerator() => Iterator().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [InlineArray(2)]
    private struct Two
    {
        private Linear _first;
    }

    private sealed class Unseen : Module
    {
        private readonly IEnumerable<Linear>? _sequence;
        private readonly Lazy<Linear>? _lazy;
        private readonly Task<Linear>? _task;
        private readonly IReadOnlyCollection<Module>? _own;
        private readonly Dictionary<Linear, int>? _keys;
        private readonly Two? _inline;

        public Unseen(string kind)
        {
            switch (kind)
            {
                case "_sequence": _sequence = Enumerable.Range(0, 2).Select(_ => new Linear(1, 1)); break;
                case "_sequence of tuples": _sequence = Iterator(); break;
                case "_lazy": _lazy = new(() => new Linear(1, 1)); break;
                case "_task": _task = Task.FromResult(new Linear(1, 1)); break;
                case "_own": _own = new Maker(); break;
                case "_keys": _keys = new() { [new Linear(1, 1)] = 1 }; break;
                case "_inline": _inline = new Two(); break;
            }
        }

        public override string ToString() => $"{_sequence}{_lazy}{_task}{_own}{_keys}{_inline}";
    }

    [Theory]
    [InlineData("_sequence")]
    [InlineData("_sequence of tuples")]
    [InlineData("_lazy")]
    [InlineData("_task")]
    [InlineData("_own")]
    [InlineData("_keys")]
    [InlineData("_inline")]
    public void Where_layers_cannot_be_found_the_field_is_named(string kind) =>
        Should.Throw<SlotException>(() => new Unseen(kind).Parameters().ToList()).Message.ShouldStartWith($"Unseen.{kind.Split(' ')[0]}: ");

    private sealed class Refers : Module
    {
        public readonly Linear fc = new(1, 1);
        public readonly Func<Tensor, Tensor> Function;
        public readonly WeakReference<Module> Weak = new(new Linear(1, 1));
        [Untracked] public readonly Linear Teacher = new(1, 1);
        [field: Untracked] public Module? Parent { get; set; }
        public readonly Lazy<Tensor> Mask = new(() => Tensor.Ones(1));
        public readonly IEnumerable<Tensor> Weights;
        public Adjoint.Optim.SGD? Optimizer;
        public readonly Lock Gate = new();
        public readonly object Sync = new();
        public readonly CancellationTokenSource Source = new();
        public readonly Dictionary<string, int> Numbers = new() { ["a"] = 1 };
        public readonly Tensor Plain = Tensor.Ones(1);
        public readonly ImmutableArray<Linear> Unset = default;

        public Refers()
        {
            Function = fc.Call;
            Weights = new[] { fc }.Select(l => l.Weight);
            Optimizer = new(fc.Parameters(), lr: 0.1);
            Parent = this;
        }
    }

    [Fact]
    public void What_a_module_only_refers_to_is_not_part_of_it() => new Refers().StateDict().Keys.ShouldBe(["fc.weight", "fc.bias"]);

    private abstract class Base : Module
    {
        private readonly Linear[] _stages = [new(1, 1)];
        public IReadOnlyList<Linear> Stages => _stages;
    }

    private sealed class Typed : Base
    {
        private readonly List<Linear> layers = [new(1, 1, bias: false), new(1, 1, bias: false)];
        private readonly (Linear Q, Linear K) heads = (new(1, 1, bias: false), new(1, 1, bias: false));
        public Dictionary<string, Linear> ByName { get; } = new() { ["up"] = new(1, 1, bias: false) };
        public List<Linear> Layers => layers;
        public readonly Linear[][] jagged = [[], [new(1, 1, bias: false)]];
        public readonly Linear[,] grid = { { new(1, 1, bias: false) } };
        public readonly Tensor[] weights = [Tensor.Ones(1).AsParameter(), Tensor.Ones(1)];
        public readonly IReadOnlyList<Module> various = [new ReLU(), new Linear(1, 1, bias: false)];
        public Linear Q => heads.Q;
    }

    [Fact]
    public void Names_are_those_that_module_lists_and_dictionaries_give()
    {
        var net = new Typed();
        net.StateDict().Keys.ShouldBe([
            "weights.0", "stages.0.weight", "stages.0.bias", "layers.0.weight", "layers.1.weight", "heads.0.weight", "heads.1.weight",
            "by_name.up.weight", "jagged.1.0.weight", "grid.0.0.weight", "various.1.weight"]);
        net.NamedModules().Select(m => m.Name).ShouldContain("layers.1");
        net.Layers.Add(new Linear(1, 1, bias: false));
        net.StateDict().Keys.ShouldContain("layers.2.weight");
        net.Layers.RemoveAt(0);
        net.StateDict().Keys.ShouldNotContain("layers.2.weight");
        net.Eval().Modules().ShouldAllBe(m => !m.Training);
    }

    private sealed class Knot : Module
    {
        public Knot? Other;
        public readonly List<object> Own = [];
        public readonly Linear fc = new(1, 1, bias: false);
    }

    [Fact]
    public void What_holds_itself_does_not_hang()
    {
        Knot a = new(), b = new() { Other = a };
        a.Other = b;
        a.Own.Add(a.Own);
        a.Own.Add(a);
        a.NamedParameters().Select(p => p.Name).ShouldBe(["other.fc.weight", "fc.weight"]);
        a.StateDict().Keys.ShouldBe(["other.fc.weight", "fc.weight"]);
        a.ToString().ShouldContain("(other): Knot(...)");
        int visits = 0;
        a.Apply(_ => visits++);
        visits.ShouldBe(4);
        a.Eval();
        b.Training.ShouldBeFalse();
        a.Apply(_ => { });
    }

    private sealed class Link(Link? next) : Module
    {
        public readonly Link? Next = next;
    }

    [Fact]
    public void A_chain_too_deep_to_walk_is_an_error_and_not_the_end_of_the_process()
    {
        Link? link = null;
        for (int i = 0; i < 5_000; i++) link = new Link(link);
        Should.Throw<SlotException>(() => link!.Parameters().ToList()).Message.ShouldContain("too deep");
        Should.Throw<SlotException>(() => link!.ToString()).Message.ShouldContain("too deep");
        Should.Throw<SlotException>(() => link!.Apply(_ => { })).Message.ShouldContain("too deep");
        object nested = new Linear(1, 1);
        for (int i = 0; i < 5_000; i++) nested = new List<object> { nested };
        Should.Throw<SlotException>(() => new Holder(nested).Parameters().ToList()).Message.ShouldContain("too deep");
    }

    private sealed class Twice : Module
    {
        private readonly Linear fc1 = new(1, 1);
        public Linear Fc1 { get; } = new(2, 2);
        public override string ToString() => $"{fc1}";
    }

    [Fact]
    public void Two_fields_of_one_name_are_an_error() =>
        Should.Throw<SlotException>(() => new Twice().StateDict()).Message
            .ShouldBe("Twice: Twice.fc1 and Twice.Fc1 both have the name \"fc1\" in the state dictionary. Rename one.");

    [Fact]
    public void Two_tensors_of_one_dotted_name_are_an_error_and_not_one_lost() =>
        Should.Throw<SlotException>(() => new Holder(new Dictionary<string, Module>
        {
            ["a"] = new Sequential(("b", new Linear(1, 1))),
            ["a.b"] = new Linear(1, 1),
        }).StateDict()).Message.ShouldContain("held.a.b.weight");
}
