using System.Reflection;
using Adjoint.Formats;
using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Training;

/// <summary>The file of a <see cref="Checkpoint"/>: a dictionary by the names of its parts and values, and three entries of its own.</summary>
/// <remarks> <c>adjoint</c> says the version of the form and what kind of part each name is; <c>rng_state</c> is the state of
/// <see cref="Rng.Default"/>,
/// <c>generators</c> those that modules hold, by where they lie.
/// </remarks>
internal sealed class CheckpointFile
{
    private const string Head = "adjoint", Default = "rng_state", Held = "generators";
    private const long Version = 1;

    private readonly string _path;
    private readonly IReadOnlyDictionary<string, object?> _all;
    private readonly IReadOnlyDictionary<string, object?>? _kinds;

    private CheckpointFile(string path, IReadOnlyDictionary<string, object?> all)
    {
        (_path, _all) = (path, all);
        if (!all.TryGetValue(Head, out object? head)) return;
        if (States.Named(head) is not { } said || !said.TryGetValue("version", out object? version) || version is not long number
            || !said.TryGetValue("parts", out object? parts) || States.Named(parts) is not { } kinds)
            throw new DataFormatException(path, 0, $"\"{Head}\" does not say what the parts of the checkpoint are.");
        if (number != Version)
            throw new DataFormatException(path, 0, $"the checkpoint is of version {number}; this program reads version {Version}.");
        _kinds = kinds;
    }

    internal static bool IsReserved(string name) => name is Head or Default or Held;

    /// <summary>What is saved.</summary>
    internal static OrderedDictionary<string, object?> Written(OrderedDictionary<string, object?> entries)
    {
        var all = new OrderedDictionary<string, object?>();
        var kinds = new OrderedDictionary<string, object?>();
        foreach ((string name, object? value) in entries)
        {
            CheckpointPart? part = CheckpointPart.Of(name, value);
            if (part is null) CheckpointValue.Check(name, value);       // a list may have been added to
            else kinds[name] = part.Kind;
            object? saved = part is null ? value : part.Saved();
            if (part is { Kind: "stateful" }) CheckpointValue.Check(name, saved);
            all[name] = saved;
        }
        all[Default] = Tensor.From(Rng.GetState());
        var held = new OrderedDictionary<string, object?>();
        foreach ((string place, Generator generator) in HeldBy(entries)) held[place] = Tensor.From(generator.GetState());
        all[Held] = held;
        all[Head] = new OrderedDictionary<string, object?> { ["version"] = Version, ["parts"] = kinds };
        return all;
    }

    /// <summary>Reads a file.</summary>
    internal static CheckpointFile Read(string path) => new(path, States.Named(TorchFile.Load(path))
        ?? throw new DataFormatException(path, 0, "the file holds no dictionary by names, so it is no checkpoint."));

    /// <summary>Has the parts go on from what the file holds, and replaces the values.</summary>
    internal LoadReport Into(OrderedDictionary<string, object?> entries, bool strict)
    {
        string[] missing = [.. entries.Keys.Where(name => !_all.ContainsKey(name))];
        string[] unexpected = [.. (_kinds?.Keys ?? []).Where(name => !entries.ContainsKey(name))];
        if (strict && missing.Length + unexpected.Length > 0)
            throw new ArgumentException(
                $"Checkpoint: {_path} does not fit."
                + (missing.Length > 0 ? $" It has no {Checkpoint.Quoted(missing)}; it has {Checkpoint.Quoted(Names)}." : "")
                + (unexpected.Length > 0 ? $" It has {Checkpoint.Quoted(unexpected)}, which were not given." : "")
                + " Use strict: false to load what fits by name.", "path");

        var steps = new List<(bool IsSure, Func<Action> Keep, Action Take)>();
        var values = new List<(string Name, object? Value)>();
        foreach ((string name, object? present) in entries)
        {
            if (!_all.TryGetValue(name, out object? saved)) continue;
            if (CheckpointPart.Of(name, present) is { } part) steps.Add((part.IsSure, part.Keep, Checked(name, part, saved)));
            else values.Add((name, CheckpointValue.Like(saved, present)));
        }
        foreach (string name in Names)
            if (!entries.ContainsKey(name) && _kinds?.ContainsKey(name) != true) values.Add((name, _all[name]));
        foreach ((string name, Generator generator, object? saved) in Generators(entries))
        {
            CheckpointPart part = CheckpointPart.Of(name, generator)!;
            steps.Add((true, part.Keep, part.Prepare(saved)));
        }
        Take(steps);
        foreach ((string name, object? value) in values)
        {
            if (value is Tensor x) x.KeepBeyondScopes();
            entries[name] = value;
        }
        return new LoadReport(missing, unexpected);
    }

    private IEnumerable<string> Names => _all.Keys.Where(name => !IsReserved(name));

    private Action Checked(string name, CheckpointPart part, object? saved) =>
        _kinds is null || (_kinds.TryGetValue(name, out object? kind) && kind is string said && said == part.Kind) ? part.Prepare(saved)
        : throw new ArgumentException(
            $"Checkpoint: {_path} has as \"{name}\" {(kind is null ? "a value" : $"a part of the kind \"{kind}\"")}, but here it is of the kind "
            + $"\"{part.Kind}\".", "path");

    // The default one comes last: loading another part may draw.
    private IEnumerable<(string Name, Generator Generator, object? Saved)> Generators(OrderedDictionary<string, object?> entries)
    {
        if (_all.TryGetValue(Held, out object? held) && States.Named(held) is { } states)
            foreach ((string place, Generator generator) in HeldBy(entries))
                if (states.TryGetValue(place, out object? state)) yield return (place, generator, state);
        if (_all.TryGetValue(Default, out object? rng)) yield return (Default, Rng.Default, rng);
    }

    // What may fail comes first; when it does, what went before is put back, and what cannot fail has not been touched.
    private static void Take(List<(bool IsSure, Func<Action> Keep, Action Take)> steps)
    {
        var undo = new Stack<Action>();
        byte[] rng = Rng.GetState();
        try
        {
            foreach (var (_, keep, take) in steps.Where(step => !step.IsSure))
            {
                Action back = keep();
                take();
                undo.Push(back);
            }
        }
        catch
        {
            foreach (Action putBack in undo) putBack();
            Rng.SetState(rng);
            throw;
        }
        foreach (var (_, _, take) in steps.Where(step => step.IsSure)) take();
    }

    /// <summary>The generators that lie in fields of modules, each once, by the first place.</summary>
    private static IEnumerable<(string Place, Generator Generator)> HeldBy(OrderedDictionary<string, object?> entries)
    {
        var seen = new HashSet<Generator>(ReferenceEqualityComparer.Instance) { Rng.Default };
        foreach ((string name, object? value) in entries)
        {
            if (value is not Module whole) continue;
            foreach ((string below, Module module) in whole.NamedModules())
                foreach (FieldInfo field in Members.AllFields(module.GetType()))
                    if (field.FieldType == typeof(Generator) && field.GetValue(module) is Generator generator && seen.Add(generator))
                        yield return ($"{name}{(below.Length > 0 ? "." : "")}{below}.{Members.NameOf(field.Name)}", generator);
        }
    }
}
