using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>One walk through the fields of a module and everything in them, down to tensors and modules.</summary>
internal sealed class SlotWalk
{
    /// <summary>How many levels of modules, or of other objects in one field, are searched.</summary>
    internal const int Deepest = 1000;

    private readonly List<Slot> _found = [];
    private int _depth;
    private HashSet<object>? _seen;
    private FieldInfo _origin = null!;

    /// <summary>The tensors and modules that a module holds itself. Tensors are listed whether they have a role or not.</summary>
    internal static List<Slot> Of(Module module)
    {
        var walk = new SlotWalk();
        foreach ((string name, FieldInfo field) in Members.Of(module))
        {
            walk._origin = field;
            object? value = field.GetValue(module);
            if (value is Tensor or Module) walk._found.Add(new Slot(name, value, field, IsWhole: true));
            else walk.Visit(name, value);
        }
        return walk._found;
    }

    private void Visit(string name, object? value)
    {
        if (value is null) return;
        if (value is Tensor or Module)
        {
            _found.Add(new Slot(name, value, _origin));
            return;
        }
        Part part = Parts.Of(value.GetType());
        if (part == Part.Leaf) return;
        if (part == Part.Lazy) throw Unseen();
        // Each object once: a list that holds itself does not hang, and a net of references is not unfolded into a tree.
        if (!value.GetType().IsValueType && !(_seen ??= new(ReferenceEqualityComparer.Instance)).Add(value)) return;
        if (++_depth > Deepest || !UserCode.HasStack)
            throw new SlotException(
                $"{Field}: the objects in this field lie too deep in each other to be searched for layers. Hold them side by side in a "
                + "list, or mark the field with [Untracked].");
        switch (part)
        {
            case Part.Dictionary: VisitValues(name, (IDictionary)value); break;
            case Part.Sequence when value is Array { Rank: > 1 } array: VisitGrid(name, array); break;
            case Part.Sequence: VisitElements(name, value); break;
            case Part.Tuple:
                for (int i = 0; i < ((ITuple)value).Length; i++) Visit($"{name}.{i}", ((ITuple)value)[i]);
                break;
            default:
                foreach ((string member, FieldInfo field) in Members.OfPart(value.GetType()))
                    Visit($"{name}.{member}", field.GetValue(value));
                break;
        }
        _depth--;
    }

    private void VisitElements(string name, object sequence)
    {
        int place = 0;
        foreach (object? element in Elements(sequence)) Visit($"{name}.{place++}", element);
    }

    private List<object?> Elements(object sequence)
    {
        try
        {
            List<object?> elements = [.. ((IEnumerable)sequence).Cast<object?>()];
            // A collection of the program's own may make its elements each time it is asked.
            bool known = sequence is Array
                || sequence.GetType().Namespace is "System.Collections.Generic" or "System.Collections.ObjectModel";
            if (!known && !elements.SequenceEqual(((IEnumerable)sequence).Cast<object?>(), Sameness)) throw Unseen();
            return elements;
        }
        catch (InvalidOperationException e)
            when (e is not SlotException && sequence.GetType() is { IsValueType: true, Namespace: "System.Collections.Immutable" })
        {
            return [];      // an ImmutableArray that was never set
        }
    }

    private static readonly IEqualityComparer<object?> Sameness =
        EqualityComparer<object?>.Create((a, b) => ReferenceEquals(a, b) || (a is ValueType && Equals(a, b)));

    private void VisitValues(string name, IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            if (entry.Key is Tensor or Module)
                throw new SlotException(
                    $"{Field}: a {TypeText.Of(entry.Key.GetType())} as the key of a dictionary has no name to save it by. Make it a value, or "
                    + "mark the field with [Untracked].");
            Visit($"{name}.{Convert.ToString(entry.Key, CultureInfo.InvariantCulture)}", entry.Value);
        }
    }

    private void VisitGrid(string name, Array grid)
    {
        var index = new int[grid.Rank];
        foreach (object? element in grid)
        {
            Visit($"{name}.{string.Join('.', index)}", element);
            for (int d = grid.Rank - 1; d >= 0 && ++index[d] == grid.GetLength(d); d--) index[d] = 0;
        }
    }

    private string Field => $"{_origin.DeclaringType!.Name}.{Members.Spelled(_origin)}";

    private SlotException Unseen() => new(
        $"{Field}: this field is a {TypeText.Of(_origin.FieldType)} with modules in it that cannot be found: it makes them when it is asked, or hides them. "
        + "Hold them in a field, an array, a List, a ModuleList or a Sequential (for a sequence: .ToArray()), or mark the field with "
            + "[Untracked] if they are not the module's own.");
}
