using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What the code of a method names: fields, methods, and types it makes objects of.</summary>
/// <remarks>
/// // Note [Which variables a function reads]
/// A lambda shares one object of variables with the others of its scope, so looking at all of them would look at counters, lists and
/// loaders that it never touches. Which fields it names stands in its code, and in that of the methods it calls, down to where code is no
/// longer the user's. Where there is no code to read (native code), every field counts as read.
/// </remarks>
internal sealed class MethodReads
{
    private static readonly ConditionalWeakTable<MethodBase, MethodReads> s_known = [];
    private static readonly OpCode?[] s_short = new OpCode?[256], s_long = new OpCode?[256];

    private readonly List<FieldInfo> _fields = [];
    private readonly List<MethodBase> _calls = [];
    private readonly List<Type> _made = [];

    static MethodReads()
    {
        foreach (FieldInfo field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.GetValue(null) is not OpCode code) continue;
            if (code.Size == 1) s_short[code.Value & 0xFF] = code;
            else s_long[code.Value & 0xFF] = code;
        }
    }

    private MethodReads(MethodBase method) => IsKnown = Read(method);

    /// <summary>Whether there was code to read.</summary>
    internal bool IsKnown { get; }

    /// <summary>The fields it names, static ones too.</summary>
    internal IReadOnlyList<FieldInfo> Fields => _fields;

    /// <summary>The methods it calls or makes delegates of.</summary>
    internal IReadOnlyList<MethodBase> Calls => _calls;

    /// <summary>The types of the objects that it makes.</summary>
    internal IReadOnlyList<Type> Made => _made;

    /// <summary>What a method names; read once.</summary>
    internal static MethodReads Of(MethodBase method) => s_known.GetValue(method, static known => new MethodReads(known));

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Without code to read, every field counts as read.")]
    private bool Read(MethodBase method)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled) return false;
        byte[]? code;
        try
        {
            code = method.GetMethodBody()?.GetILAsByteArray();
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            return false;
        }
        // Abstract, or the runtime's own.
        if (code is null) return (method.Attributes & MethodAttributes.Abstract) != 0;
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? ofMethod = method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null;
        List<(OpCode Code, int Token)> before = [];
        try
        {
            for (int at = 0; at < code.Length;)
            {
                OpCode? next = code[at] == 0xFE ? s_long[code[at + 1]] : s_short[code[at]];
                if (next is not { } op) return false;
                at += op.Size;
                int token = op.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                    or OperandType.InlineType ? BitConverter.ToInt32(code, at) : 0;
                Note(method.Module, op, token, ofType, ofMethod, before);
                before.Add((op, token));
                at += SizeOf(op.OperandType, code, at);
            }
        }
        catch (Exception e) when (e is ArgumentException or TypeLoadException or IOException or BadImageFormatException)
        {
            // It names what is not there: the function would fail there.
            return false;
        }
        return true;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Without code to read, every field counts as read.")]
    private void Note(
        Module module, OpCode op, int token, Type[]? ofType, Type[]? ofMethod, List<(OpCode Code, int Token)> before)
    {
        if (op.OperandType == OperandType.InlineField)
        {
            if (module.ResolveField(token, ofType, ofMethod) is { } field && !_fields.Contains(field)) _fields.Add(field);
        }
        else if (op.OperandType == OperandType.InlineTok)
        {
            if ((token >>> 24) is 0x06 or 0x0A or 0x2B && module.ResolveMember(token, ofType, ofMethod) is MethodBase named) Call(named);
        }
        else if (op.OperandType == OperandType.InlineMethod && module.ResolveMethod(token, ofType, ofMethod) is { } called)
        {
            if (op == OpCodes.Newobj && called.DeclaringType is { } made && !_made.Contains(made)) _made.Add(made);
            if (IsAsked(called) && AskedBy(before) is { } ask)
                _calls.Remove(module.ResolveMethod(ask, ofType, ofMethod)!);
            else Call(called);
        }
    }

    private void Call(MethodBase method)
    {
        if (!_calls.Contains(method)) _calls.Add(method);
    }

    // What Graph.Number asks for is asked for in every run, so what that reads need not be looked at.
    private static bool IsAsked(MethodBase method) => method.DeclaringType == typeof(Graph) && method.Name == nameof(Graph.Number);

    private static int? AskedBy(List<(OpCode Code, int Token)> before)
    {
        int at = before.Count - 1;
        if (at >= 1 && before[at].Code == OpCodes.Stsfld && before[at - 1].Code == OpCodes.Dup) at -= 2;
        return at >= 1 && before[at].Code == OpCodes.Newobj && before[at - 1].Code == OpCodes.Ldftn ? before[at - 1].Token : null;
    }

    private static int SizeOf(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
        _ => 4,
    };
}
