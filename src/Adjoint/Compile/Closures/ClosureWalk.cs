using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Goes through all that a function's variables hold, and notes it.</summary>
/// <remarks>
/// // Note [Variables are looked at]
/// What a function computes depends on what it can reach: the fields of its lambda's object, static fields that its code names, the
/// objects, arrays and collections in them, modules, optimizers and tensors, the lambdas among them, and so on. All of it is noted when
/// it is captured, and compared before every run: references by identity, numbers by their bits. Objects of the framework that are no
/// collections, and what code reads elsewhere (time, files), are not looked into: captures that verify find what changes there. What is
/// too much to be compared before every run has the function itself called.
/// </remarks>
internal sealed class ClosureWalk
{
    private const int MostFacts = 4096, MostBytes = 1 << 14, MostStructs = 256;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<(string Name, object Value)> _waiting = [];
    private readonly HashSet<(Module Module, int Token)> _named;
    private readonly HashSet<MethodBase> _methods;
    private readonly HashSet<Type> _types = [];
    private readonly List<FieldInfo> _static = [];
    private int _bytes;

    private ClosureWalk(ClosureWalk? before)
    {
        _named = before?._named ?? [];
        _methods = before?._methods ?? [];
        ReadsAll = before is { ReadsAll: true };
    }

    internal List<ClosureFact> Facts { get; } = [];

    internal List<Tensor> Tensors { get; } = [];

    internal List<IStructured> Parts { get; } = [];

    /// <summary>What there is too much of to be looked at; null for nothing.</summary>
    internal string? TooMuch { get; private set; }

    /// <summary>A type whose fields cannot be seen, since native code has no names of them; null for none.</summary>
    internal string? Unseen { get; private set; }

    // Whether some code could not be read: then every field counts.
    private bool ReadsAll { get; set; }

    /// <summary>Goes through all that a function reaches.</summary>
    internal static ClosureWalk Of(Delegate function)
    {
        // What code is found on the way may name further fields of objects that were passed: until there are none.
        ClosureWalk? before = null;
        while (true)
        {
            var walk = new ClosureWalk(before);
            (int named, int methods, bool all) = (walk._named.Count, walk._methods.Count, walk.ReadsAll);
            walk.Go(function, before?._static ?? []);
            if (walk.TooMuch is not null) return walk;
            if (named == walk._named.Count && methods == walk._methods.Count && all == walk.ReadsAll) return walk;
            before = walk;
        }
    }

    private void Go(Delegate function, List<FieldInfo> known)
    {
        _static.AddRange(known);
        _waiting.Enqueue(("", function));
        for (int next = 0; ;)
        {
            while (TooMuch is null && _waiting.TryDequeue(out (string Name, object Value) found)) Enter(found.Name, found.Value);
            if (TooMuch is not null || next == _static.Count) return;
            FieldInfo field = _static[next++];
            if (field.IsLiteral) continue;
            if (field.DeclaringType is not { ContainsGenericParameters: true } open) Field(null, [field]);
            // Which of the types it is of, code that is generic itself does not say; what the compiler keeps there is no state.
            else if (!open.Name.StartsWith('<')) Unseen ??= open.Name;
        }
    }

    private void Enter(string name, object value)
    {
        if (value is string or MemberInfo || !_seen.Add(value)) return;
        switch (value)
        {
            case Tensor x:
                Tensors.Add(x);
                return;
            case Compiled compiled:
                Wait(name, compiled.Body);
                return;
            // What Compiled.Call is made of: the captures of another function are no variables of this one.
            case Replays replays:
                Wait(name, replays.Function);
                return;
            case Delegate f:
                foreach (Delegate one in f.GetInvocationList())
                {
                    Scan(one.Method);
                    if (one.Target is { } target) Wait(name, target);
                }
                return;
            case Array array:
                EnterArray(name, array);
                return;
            case IStructured part:
                Parts.Add(part);
                foreach (object held in part.Holds) Wait(name, held);
                break;
        }
        Type type = value.GetType();
        ClosureOwner owner = ClosureOwners.Of(type);
        if (owner == ClosureOwner.Closed) return;
        if (owner == ClosureOwner.User) Calls(type);
        int seen = 0;
        foreach (FieldInfo field in FieldsOf(value, type))
        {
            seen++;
            Field(value, [field]);
        }
        if (owner == ClosureOwner.User && seen == 0 && !RuntimeFeature.IsDynamicCodeSupported && type.Name != "<>c") Unseen ??= type.Name;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What is trimmed away is not looked at: docs/compile.md.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What is trimmed away is not looked at: docs/compile.md.")]
    private IEnumerable<FieldInfo> FieldsOf(object value, Type type)
    {
        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            ClosureOwner owner = ClosureOwners.Of(level);
            // Parts say themselves what their common state is.
            if (owner == ClosureOwner.Closed || (owner == ClosureOwner.Ours && value is IStructured part && part.Knows(level))) continue;
            foreach (FieldInfo field in level.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                if (owner != ClosureOwner.User || ReadsAll || _named.Contains((field.Module, field.MetadataToken))) yield return field;
        }
    }

    private void Field(object? holder, FieldInfo[] path)
    {
        Type type = path[^1].FieldType;
        if (type.IsByRefLike || type.IsPointer || type.IsFunctionPointer) return;
        if (IsStruct(type))
        {
            if (Inner(path[0].Name, type) is not { } inner) return;
            foreach (FieldInfo[] rest in inner) Field(holder, [.. path, .. rest]);
            return;
        }
        object? value = FieldFact.Read(holder, path);
        var fact = new FieldFact(holder, path, value);
        // What never changes is only gone through.
        if (!path[0].IsInitOnly) Add(fact);
        if (value is not null && !type.IsPrimitive && !type.IsEnum) Wait(fact.Name, value);
    }

    // One that is looked at field by field. A nullable is looked at as what it holds.
    private static bool IsStruct(Type type) =>
        type.IsValueType && !type.IsPrimitive && !type.IsEnum && Nullable.GetUnderlyingType(type) is null;

    // The fields of a struct down to numbers and references; null, and too much, where they cannot be told apart.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What is trimmed away is not looked at: docs/compile.md.")]
    private List<FieldInfo[]>? Inner(string name, Type type, int depth = 0)
    {
        if (depth > 8 || type.IsDefined(typeof(InlineArrayAttribute), inherit: false))
        {
            TooMuch ??= $"{name} holds {type.Name}, whose elements cannot be looked at";
            return null;
        }
        List<FieldInfo[]> paths = [];
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            Type held = field.FieldType;
            if (held.IsPointer || held.IsFunctionPointer || held.IsByRefLike) continue;
            if (!IsStruct(held)) paths.Add([field]);
            else if (Inner(name, held, depth + 1) is { } inner) paths.AddRange(inner.Select(rest => (FieldInfo[])[field, .. rest]));
            else return null;
        }
        return paths;
    }

    private void EnterArray(string name, Array array)
    {
        Type element = array.GetType().GetElementType()!;
        if (element.IsPointer || element.IsFunctionPointer || array.Length == 0) return;
        if (element.IsPrimitive || element.IsEnum)
        {
            int bytes = Buffer.ByteLength(array);
            if (bytes > MostBytes - _bytes)
            {
                TooMuch = $"{name} holds {array.Length:N0} numbers, too many to be compared before every run; put them in a tensor";
                return;
            }
            _bytes += bytes;
            Add(new NumbersFact(name, array, NumbersFact.Bytes(array, bytes).ToArray()));
        }
        else if (element.IsValueType)
        {
            if (array.Length > MostStructs) TooMuch = $"{name} holds {array.Length:N0} structs, too many to be compared before every run";
            if (TooMuch is not null || Inner(name, element) is not { } paths) return;
            List<object?> before = [];
            foreach (object? one in array)
                foreach (FieldInfo[] path in paths)
                {
                    object? value = FieldFact.Read(one, path);
                    before.Add(value);
                    if (value is not null && !value.GetType().IsPrimitive) Wait(name, value);
                }
            Add(new StructsFact(name, array, [.. paths], [.. before]));
        }
        else
        {
            if (array.Length > MostFacts)
            {
                TooMuch = $"{name} holds {array.Length:N0} objects, too many to be compared before every run";
                return;
            }
            object?[] all = array is object?[] row ? row : [.. array.Cast<object?>()];
            Add(ReferenceEquals(all, array) ? new ElementsFact(name, all, (object?[])[.. all])
                : new StructsFact(name, array, [[]], all));
            foreach (object? one in all)
                if (one is not null) Wait(name, one);
        }
    }

    private void Add(ClosureFact fact)
    {
        Facts.Add(fact);
        if (Facts.Count > MostFacts)
            TooMuch = $"{fact.Name} reaches more than {MostFacts} variables, too many to be compared before every run";
    }

    private void Wait(string name, object value)
    {
        if (!_seen.Contains(value)) _waiting.Enqueue((name, value));
    }

    // What others may call of a user's object: what it overrides and implements.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Without code to read, every field counts as read.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Without code to read, every field counts as read.")]
    private void Calls(Type type)
    {
        if (!_types.Add(type)) return;
        for (Type? level = type; ClosureOwners.IsUsers(level); level = level!.BaseType)
            foreach (MethodInfo method in level!.GetMethods(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                if (method.IsVirtual) Scan(method);
    }

    private void Scan(MethodBase first)
    {
        var waiting = new Stack<MethodBase>([first]);
        while (waiting.TryPop(out MethodBase? method))
        {
            if (method.DeclaringType is { } owner && !ClosureOwners.IsUsers(owner)) continue;
            bool isNew = _methods.Add(method);
            MethodReads reads = MethodReads.Of(method);
            if (!reads.IsKnown) ReadsAll = true;
            foreach (FieldInfo field in reads.Fields)
            {
                if (!ClosureOwners.IsUsers(field.DeclaringType) || ClosureOwners.IsDelegateCache(field)) continue;
                _named.Add((field.Module, field.MetadataToken));
                if (field.IsStatic && !_static.Contains(field)) _static.Add(field);
            }
            if (!isNew) continue;
            foreach (MethodBase called in reads.Calls) waiting.Push(called);
            foreach (Type made in reads.Made)
                if (ClosureOwners.IsUsers(made)) Calls(made);
        }
    }
}
