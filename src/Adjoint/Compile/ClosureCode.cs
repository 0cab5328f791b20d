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

    /// <summary>The code for some variables; null where none can be generated.</summary>
    internal static ClosureCode? Of(IReadOnlyList<(object Holder, FieldInfo Field)> fields, bool[] ignored, object?[] before)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled || !RuntimeFeature.IsDynamicCodeSupported) return null;
        object[] holders = [.. fields.Select(f => f.Holder).Distinct(ReferenceEqualityComparer.Instance)!];
        if (Array.Exists(holders, holder => holder.GetType().IsValueType)) return null;
        var references = new object?[fields.Count];
        var numbers = new long[fields.Count];
        for (int i = 0; i < fields.Count; i++)
        {
            if (ignored[i]) continue;
            if (fields[i].Field.FieldType.IsValueType) numbers[i] = Bits(before[i]!);
            else references[i] = before[i];
        }
        return new ClosureCode(Make(fields, ignored, holders), holders, references, numbers);
    }

    [RequiresDynamicCode("Generates code.")]
    private static Func<object[], object?[], long[], bool> Make(
        IReadOnlyList<(object Holder, FieldInfo Field)> fields, bool[] ignored, object[] holders)
    {
        var method = new DynamicMethod(
            "Variables", typeof(bool), [typeof(object[]), typeof(object[]), typeof(long[])], typeof(ClosureCode).Module,
            skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        Label other = code.DefineLabel();
        var known = new LocalBuilder?[holders.Length];
        for (int i = 0; i < fields.Count; i++)
        {
            if (ignored[i]) continue;
            (object holder, FieldInfo field) = fields[i];
            int at = Array.FindIndex(holders, h => ReferenceEquals(h, holder));
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
            code.Emit(OpCodes.Ldfld, field);
            if (field.FieldType.IsValueType) ToBits(code, field.FieldType);
            code.Emit(field.FieldType.IsValueType ? OpCodes.Ldarg_2 : OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(field.FieldType.IsValueType ? OpCodes.Ldelem_I8 : OpCodes.Ldelem_Ref);
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
