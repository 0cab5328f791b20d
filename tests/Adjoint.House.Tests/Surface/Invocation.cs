using System.Reflection;
using System.Reflection.Emit;

namespace Adjoint.Tests.Surface;

/// <summary>Calls of any public member, also of one that takes spans: arrays stand for them.</summary>
internal static class Invocation
{
    private static readonly Dictionary<MethodBase, Func<object?[], object?>?> s_made = [];

    /// <summary>
    /// The member as a function of its arguments, the object first where it is no constructor and not static; null where it cannot be
    /// called so.
    /// </summary>
    internal static Func<object?[], object?>? Of(MethodBase member)
    {
        if (!s_made.TryGetValue(member, out Func<object?[], object?>? made)) s_made[member] = made = Make(member);
        return made;
    }

    private static Func<object?[], object?>? Make(MethodBase member)
    {
        Type owner = member.DeclaringType!;
        ParameterInfo[] parameters = member.GetParameters();
        bool hasObject = !member.IsStatic && member is MethodInfo;
        if (member.ContainsGenericParameters || owner.IsByRefLike || parameters.Any(p => !IsCallable(p.ParameterType))) return null;

        var method = new DynamicMethod("call", typeof(object), [typeof(object?[])], typeof(Invocation).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        if (hasObject)
        {
            Load(il, 0);
            il.Emit(owner.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, owner);
        }
        for (int i = 0; i < parameters.Length; i++) Argument(il, i + (hasObject ? 1 : 0), parameters[i].ParameterType);
        if (member is ConstructorInfo constructor) il.Emit(OpCodes.Newobj, constructor);
        else il.Emit(owner.IsValueType || member.IsStatic ? OpCodes.Call : OpCodes.Callvirt, (MethodInfo)member);
        Result(il, member is MethodInfo called ? called.ReturnType : owner);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<object?[], object?>>();
    }

    /// <summary>The type of what is passed for a parameter.</summary>
    internal static Type ArgumentType(Type type)
    {
        if (type.IsByRef) type = type.GetElementType()!;
        return IsSpan(type) ? type.GetGenericArguments()[0].MakeArrayType() : type;
    }

    private static bool IsSpan(Type type) =>
        type.IsGenericType
        && (type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>) || type.GetGenericTypeDefinition() == typeof(Span<>));

    private static bool IsCallable(Type type) =>
        !type.IsPointer && (!type.IsByRefLike || IsSpan(type)) && (!type.IsByRef || IsCallable(type.GetElementType()!));

    private static void Load(ILGenerator il, int index)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldelem_Ref);
    }

    private static void Argument(ILGenerator il, int index, Type type)
    {
        if (type.IsByRef)
        {
            LocalBuilder local = il.DeclareLocal(type.GetElementType()!);
            Argument(il, index, type.GetElementType()!);
            il.Emit(OpCodes.Stloc, local);
            il.Emit(OpCodes.Ldloca, local);
            return;
        }
        Load(il, index);
        if (IsSpan(type))
        {
            Type array = type.GetGenericArguments()[0].MakeArrayType();
            il.Emit(OpCodes.Castclass, array);
            il.Emit(OpCodes.Newobj, type.GetConstructor([array])!);
        }
        else
        {
            il.Emit(OpCodes.Unbox_Any, type);
        }
    }

    private static void Result(ILGenerator il, Type type)
    {
        if (type == typeof(void))
        {
            il.Emit(OpCodes.Ldnull);
        }
        else if (type.IsByRef || type.IsByRefLike || type.IsPointer)
        {
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ldnull);
        }
        else if (type.IsValueType)
        {
            il.Emit(OpCodes.Box, type);
        }
    }
}
