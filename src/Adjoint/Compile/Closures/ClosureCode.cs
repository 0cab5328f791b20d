using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Code that compares the variables of a function with what they held. See Note [Variables are looked at].</summary>
internal sealed class ClosureCode
{
    // Of an array of structs; more would be long code.
    private const int MostElements = 256;

    private readonly Func<bool> _isSame;

    private ClosureCode(Func<bool> isSame) => _isSame = isSame;

    /// <summary>Whether all variables hold what they did.</summary>
    internal bool IsSame => _isSame();

    /// <summary>Whether code can compare it.</summary>
    internal static bool CanCompare(FieldFact fact) =>
        (fact.Holder is not { } holder || !holder.GetType().IsValueType)
        && (!fact.Type.IsValueType || fact.Type.IsPrimitive || fact.Type.IsEnum);

    /// <summary>Whether code can compare all of them: a few numbers and references.</summary>
    internal static bool CanCompare(StructsFact fact) => fact.Before.Length <= MostElements && fact.Array.Rank == 1
        && Array.TrueForAll(fact.Paths, path => path[^1].FieldType is var type && (!type.IsValueType || type.IsPrimitive || type.IsEnum));

    /// <summary>The code for some variables; null where none can be generated, or is needed.</summary>
    internal static ClosureCode? Of(FieldFact[] facts, StructsFact[] structs)
    {
        if (facts.Length + structs.Length == 0 || !RuntimeFeature.IsDynamicCodeCompiled || !RuntimeFeature.IsDynamicCodeSupported)
            return null;
        return new ClosureCode(Make(facts, structs));
    }

    // The code has one row of what it knows: objects that hold variables, and what variables held. No type is checked that is known.
    [RequiresDynamicCode("Generates code.")]
    private static Func<bool> Make(FieldFact[] facts, StructsFact[] structs)
    {
        List<object?> known = [];
        var method = new DynamicMethod("Variables", typeof(bool), [typeof(object?[])], typeof(ClosureCode).Module, skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        Label other = code.DefineLabel();
        var holders = new Dictionary<object, LocalBuilder>(ReferenceEqualityComparer.Instance);
        foreach (FieldFact fact in facts)
        {
            FieldInfo[] path = fact.Path;
            if (fact.Holder is { } holder)
            {
                if (!holders.TryGetValue(holder, out LocalBuilder? variable))
                {
                    holders[holder] = variable = code.DeclareLocal(holder.GetType());
                    Known(holder);
                    code.Emit(OpCodes.Stloc, variable);
                }
                code.Emit(OpCodes.Ldloc, variable);
            }
            for (int j = 0; j < path.Length; j++)
            {
                bool isLast = j == path.Length - 1;
                code.Emit(path[j].IsStatic ? isLast ? OpCodes.Ldsfld : OpCodes.Ldsflda : isLast ? OpCodes.Ldfld : OpCodes.Ldflda, path[j]);
            }
            Compare(fact.Type, fact.Value);
        }
        foreach (StructsFact fact in structs)
        {
            Type element = fact.Array.GetType().GetElementType()!;
            LocalBuilder array = code.DeclareLocal(fact.Array.GetType());
            Known(fact.Array);
            code.Emit(OpCodes.Stloc, array);
            for (int next = 0; next < fact.Before.Length; next++)
            {
                FieldInfo[] path = fact.Paths[next % fact.Paths.Length];
                code.Emit(OpCodes.Ldloc, array);
                code.Emit(OpCodes.Ldc_I4, next / fact.Paths.Length);
                code.Emit(OpCodes.Ldelema, element);
                for (int j = 0; j < path.Length; j++) code.Emit(j == path.Length - 1 ? OpCodes.Ldfld : OpCodes.Ldflda, path[j]);
                Compare(path[^1].FieldType, fact.Before[next]);
            }
        }
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        code.MarkLabel(other);
        code.Emit(OpCodes.Ldc_I4_0);
        code.Emit(OpCodes.Ret);
        object?[] row = [.. known];
        return method.CreateDelegate<Func<bool>>(row);

        void Compare(Type type, object? before)
        {
            if (type.IsValueType)
            {
                ToBits(code, type);
                code.Emit(OpCodes.Ldc_I8, Bits(before!));
            }
            else if (before is { } value)
            {
                Known(value);
            }
            else
            {
                code.Emit(OpCodes.Ldnull);
            }
            code.Emit(OpCodes.Bne_Un, other);
        }

        void Known(object value)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldc_I4, known.Count);
            code.Emit(OpCodes.Ldelem_Ref);
            known.Add(value);
        }
    }

    private static void ToBits(ILGenerator code, Type type)
    {
        if (type == typeof(double)) code.Emit(OpCodes.Call, ((Func<double, long>)BitConverter.DoubleToInt64Bits).Method);
        else if (type == typeof(float)) code.Emit(OpCodes.Call, ((Func<float, int>)BitConverter.SingleToInt32Bits).Method);
        if (type != typeof(double)) code.Emit(OpCodes.Conv_I8);
    }

    // As the generated code makes them: whole numbers are widened with their sign, also unsigned ones.
    private static long Bits(object value) => value switch
    {
        double x => BitConverter.DoubleToInt64Bits(x),
        float x => BitConverter.SingleToInt32Bits(x),
        bool x => x ? 1 : 0,
        char x => x,
        byte x => x,
        ushort x => x,
        uint x => (int)x,
        ulong x => (long)x,
        nuint x => (long)x,
        nint x => x,
        Enum x => Bits(Convert.ChangeType(x, Enum.GetUnderlyingType(x.GetType()), System.Globalization.CultureInfo.InvariantCulture)),
        _ => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
    };
}
