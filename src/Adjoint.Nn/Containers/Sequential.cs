using System.Collections;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>
/// Modules one after the other: each gets the output of the one before. Their names are "0", "1", … unless they are given.
/// </summary>
/// <example><code>var net = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));</code></example>
public sealed class Sequential : Module, IReadOnlyList<Module>
{
    private readonly List<(string Name, Module Module)> _modules = [];

    /// <summary>Modules named by their places.</summary>
    [OverloadResolutionPriority(1)]
    public Sequential(params IEnumerable<Module> modules)
    {
        foreach (Module module in modules.Elements()) Append(module);
    }

    /// <summary>Modules with names of their own, in order.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public Sequential(params IEnumerable<(string Name, Module Module)> modules)
    {
        foreach ((string name, Module module) in modules.Given()) Append(name.Given(nameof(modules)), module.Given(nameof(modules)));
    }

    /// <summary>How many modules.</summary>
    public int Count => _modules.Count;

    /// <summary>The module at a place.</summary>
    public Module this[int index] => _modules[In(index)].Module;

    /// <summary>The module at a place, which may count from the end.</summary>
    public Module this[Index index] => this[index.GetOffset(Count)];

    /// <summary>Some of the modules with their names; they are shared, not copied.</summary>
    public Sequential this[Range range]
    {
        get
        {
            int start = range.Start.GetOffset(Count), end = range.End.GetOffset(Count);
            return start >= 0 && start <= end && end <= Count ? new(_modules[start..end])
                : throw new ArgumentOutOfRangeException(
                    nameof(range), range, $"Sequential: there are no modules {range}; there are {Count}.");
        }
    }

    /// <summary>Adds a module at the end, named by its place. Returns this.</summary>
    public Sequential Append(Module module) => Append($"{Count}", module.Given());

    /// <summary>Adds a module at the end with a name. Returns this.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Sequential Append(string name, Module module)
    {
        name.Given();
        Chains.OfTensors(module.Given(), nameof(module), "Sequential");
        if (name.Length == 0 || name.Contains('.'))
            throw new ArgumentException(
                $"Sequential: the name of a module must not be empty or contain a point, but is \"{name}\".", nameof(name));
        if (_modules.Exists(m => m.Name == name))
            throw new ArgumentException($"Sequential: there already is a module named \"{name}\".", nameof(name));
        _modules.Add((name, module));
        return this;
    }

    /// <summary>
    /// Adds a module at the end, named by its place: what <c>new Sequential { new Linear(784, 10), new ReLU() }</c> calls.
    /// </summary>
    public void Add(Module module) => Append(module.Given());

    /// <summary>Adds a module at the end with a name: what <c>new Sequential { { "fc", new Linear(784, 10) } }</c> calls.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Module module) => Append(name.Given(), module.Given());

    /// <inheritdoc/>
    /// <remarks>
    /// Between two modules of this library that have no hooks nobody sees a tensor: where nothing is recorded, its memory goes back as soon
    /// as the second is done. See Note [Inner results].
    /// </remarks>
    protected override Tensor Forward(Tensor input)
    {
        bool isInner = false;       // whether nobody else knows the tensor that the next module gets
        for (int i = 0; i < _modules.Count; i++)
        {
            Tensor before = input;
            Module module = _modules[i].Module;
            Module? next = i + 1 < _modules.Count ? _modules[i + 1].Module : null;
            // One pass over memory less, where no hook wants to see what lies between.
            if (module is ITakesEpilogue first && next is IEpilogue last && !IsHooked(module) && !IsHooked(next))
            {
                input = first.CallWith(last.Epilogue, input);
                i++;
            }
            else
            {
                input = module.Call(input);
            }
            bool isOurs = IsOurs(module);
            if (isOurs && isInner) input.After(before);
            // One that hands on what it got, or a view of that, makes it nobody's secret.
            isInner = isOurs && (isInner || !input.SharesStorageWith(before));
        }
        return input;
    }

    // A layer of this library, which keeps nothing that it sees; a container calls modules of the user's.
    private static bool IsOurs(Module module) =>
        module.GetType().Assembly == typeof(Sequential).Assembly && !IsHooked(module) && !GraphCapture.IsAnywhere
            && module is not (Sequential or ModuleList or ModuleDict);

    /// <inheritdoc/>
    public IEnumerator<Module> GetEnumerator() => _modules.Select(m => m.Module).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int In(int index) => (uint)index < (uint)Count ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Sequential: there is no module {index}; there are {Count}.");

    private protected override IEnumerable<Slot> Held => _modules.Select(m => new Slot(m.Name, m.Module));
}
