using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Code that compares the variables of a function with what they held. See Note [Variables are looked at].</summary>
internal sealed class ClosureCode
{
    private readonly Func<object[], object?[], long[], bool> _isSame;
    private readonly object[] _holders;
    private readonly object?[] _references;
    private readonly long[] _numbers;

    private ClosureCode(Func<object[], object?[], long[], bool> isSame, object[] holders, object?[] references, long[] numbers) =>
        (_isSame, _holders, _references, _numbers) = (isSame, holders, references, numbers);

    /// <summary>Whether all variables hold what they did.</summary>
    internal bool IsSame => _isSame(_holders, _references, _numbers);

    /// <summary>Whether code can compare it.</summary>
    internal static bool CanCompare(FieldFact fact) =>
        (fact.Holder is not { } holder || !holder.GetType().IsValueType)
        && (!fact.Type.IsValueType || fact.Type.IsPrimitive || fact.Type.IsEnum);

    /// <summary>The code for some variables; null where none can be generated, or is needed.</summary>
    internal static ClosureCode? Of(FieldFact[] facts)
    {
        if (facts.Length == 0 || !RuntimeFeature.IsDynamicCodeCompiled || !RuntimeFeature.IsDynamicCodeSupported) return null;
        object[] holders = [.. facts.Select(f => f.Holder).OfType<object>().Distinct(ReferenceEqualityComparer.Instance)!];
        var references = new object?[facts.Length];
        var numbers = new long[facts.Length];
        for (int i = 0; i < facts.Length; i++)
        {
            if (facts[i].Type.IsValueType) numbers[i] = Bits(facts[i].Value!);
            else references[i] = facts[i].Value;
        }
        return new ClosureCode(Make(facts, holders), holders, references, numbers);
    }

    [RequiresDynamicCode("Generates code.")]
    private static Func<object[], object?[], long[], bool> Make(FieldFact[] facts, object[] holders)
    {
        var method = new DynamicMethod(
            "Variables", typeof(bool), [typeof(object[]), typeof(object[]), typeof(long[])], typeof(ClosureCode).Module,
            skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        Label other = code.DefineLabel();
        var places = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < holders.Length; i++) places[holders[i]] = i;
        var known = new LocalBuilder?[holders.Length];
        for (int i = 0; i < facts.Length; i++)
        {
            FieldInfo[] path = facts[i].Path;
            if (facts[i].Holder is { } holder)
            {
                int at = places[holder];
                if (known[at] is null)
                {
                    known[at] = code.DeclareLocal(holder.GetType());
                    code.Emit(OpCodes.Ldarg_0);
                    code.Emit(OpCodes.Ldc_I4, at);
                    code.Emit(OpCodes.Ldelem_Ref);
                    code.Emit(OpCodes.Castclass, holder.GetType());
                    code.Emit(OpCodes.Stloc, known[at]!);
                }
                code.Emit(OpCodes.Ldloc, known[at]!);
            }
            for (int j = 0; j < path.Length; j++)
            {
                bool isLast = j == path.Length - 1;
                code.Emit(path[j].IsStatic ? isLast ? OpCodes.Ldsfld : OpCodes.Ldsflda : isLast ? OpCodes.Ldfld : OpCodes.Ldflda, path[j]);
            }
            Type type = facts[i].Type;
            if (type.IsValueType) ToBits(code, type);
            code.Emit(type.IsValueType ? OpCodes.Ldarg_2 : OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(type.IsValueType ? OpCodes.Ldelem_I8 : OpCodes.Ldelem_Ref);
            code.Emit(OpCodes.Bne_Un, other);
        }
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        code.MarkLabel(other);
        code.Emit(OpCodes.Ldc_I4_0);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<object[], object?[], long[], bool>>();
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
