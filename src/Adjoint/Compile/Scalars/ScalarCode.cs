using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>Straight-line code of a program of numbers, where code can be generated.</summary>
/// <remarks>
/// // Note [Pieces of straight-line code]
/// A piece calls the formulas of up to <see cref="MostSteps"/> steps, which the compiler puts in place of the calls, and has their values
/// in variables. A program that is one piece reads and writes the tensors themselves, and nothing else. Of a longer one each value goes
/// to memory, where other pieces find it. Larger pieces are slower: the compiler then no longer knows all variables. How long a step
/// takes that is interpreted depends on what the compiler and the processor guess of the next one: from as long as in code to five times
/// that. So long programs are code as well. Very long ones stay interpreted: it would take too long to compile them.
/// </remarks>
internal sealed class ScalarCode<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>So many steps are one piece.</summary>
    internal const int MostSteps = 200;

    private const int MostPieces = 500;

    private readonly ScalarStep<T>[] _steps;
    private readonly ScalarPlaces[] _places;
    private readonly Dictionary<int, LocalBuilder> _variables = [];
    private readonly DynamicMethod _method;
    private readonly ILGenerator _code;

    [RequiresDynamicCode("Generates code.")]
    private ScalarCode(ScalarStep<T>[] steps, ScalarPlaces[] places, Type data)
    {
        (_steps, _places) = (steps, places);
        _method = new DynamicMethod("Numbers", null, [typeof(ScalarStep<T>[]), data], typeof(ScalarCode<T>), true);
        _code = _method.GetILGenerator();
    }

    /// <summary>A piece of a program.</summary>
    internal delegate void Piece(ref T memory);

    /// <summary>A program that is one piece.</summary>
    internal delegate void Whole(Tensor?[] slots);

    /// <summary>Makes code of a program on another thread, if code can be generated here and it is not too long.</summary>
    internal static void Begin(ScalarTape<T> tape, Action<Piece[]> ready)
    {
        if (tape.Steps.Length > MostSteps * MostPieces) return;
        Begin(() =>
        {
            if (!RuntimeFeature.IsDynamicCodeSupported) return;
            Piece[] pieces = Pieces(tape.Steps, tape.Places);
            // The first call of a method compiles it: not when it is waited for.
            var numbers = (T[])tape.Template.Clone();
            foreach (Piece piece in pieces) piece(ref MemoryMarshal.GetArrayDataReference(numbers));
            ready(pieces);
        });
    }

    /// <summary>The same of one that is one piece, for tensors in a row of slots.</summary>
    internal static void Begin(ScalarTape<T> tape, ScalarSlots slots, Action<Whole> ready) => Begin(() =>
    {
        if (!RuntimeFeature.IsDynamicCodeSupported) return;
        Whole whole = Make(tape, slots);
        whole([.. Enumerable.Range(0, slots.Count).Select(_ => Tensor.Outside(Shape.Scalar, tape.DType))]);
        ready(whole);
    });

    private static void Begin(Action make)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled) return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static make =>
            {
                try
                {
                    make();
                }
                catch (Exception e) when (e is InvalidProgramException or OutOfMemoryException or NotSupportedException
                    or ArgumentException)
                {
                    // Then it stays interpreted. (The step of an optimizer whose group went to another one throws, in a run as well.)
                }
            },
            make, preferLocal: false);
    }

    [RequiresDynamicCode("Generates code.")]
    private static Piece[] Pieces(ScalarStep<T>[] steps, ScalarPlaces[] places)
    {
        var pieces = new Piece[(steps.Length + MostSteps - 1) / MostSteps];
        for (int i = 0; i < pieces.Length; i++)
        {
            var code = new ScalarCode<T>(steps, places, typeof(T).MakeByRefType());
            code.Steps(i * MostSteps, Math.Min(steps.Length, (i + 1) * MostSteps), toMemory: true);
            pieces[i] = code.Made<Piece>();
        }
        return pieces;
    }

    [RequiresDynamicCode("Generates code.")]
    private static Whole Make(ScalarTape<T> tape, ScalarSlots slots)
    {
        var code = new ScalarCode<T>(tape.Steps, tape.Places, typeof(Tensor[]));
        foreach ((int place, int slot) in slots.Loads)
        {
            code.Slot(slot);
            code.Call(ReadOf);
            code.Set(place);
        }
        // What is neither read nor computed is what it was.
        var computed = tape.Places.Select(at => at.Y).Concat(slots.Loads.Select(load => load.Place)).ToHashSet();
        foreach (int place in tape.Places.SelectMany(at => (int[])[at.A, at.B, at.C, at.D]).Distinct())
        {
            if (computed.Contains(place)) continue;
            code.Constant(tape.Template[place]);
            code.Set(place);
        }
        code.Steps(0, tape.Steps.Length, toMemory: false);
        foreach ((int place, int slot) in slots.Stores) code.Write(place, slot, WriteTo);
        foreach ((int place, int slot) in slots.Changes) code.Write(place, slot, ChangeIn);
        return code.Made<Whole>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReadOf(Tensor x) => x.First<T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteTo(Tensor x, T value) => x.SetFirst(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ChangeIn(Tensor x, T value)
    {
        x.SetFirst(value);
        x.CountChangeAlone();
    }

    private TPiece Made<TPiece>() where TPiece : Delegate
    {
        _code.Emit(OpCodes.Ret);
        return _method.CreateDelegate<TPiece>(_steps);
    }

    private void Steps(int begin, int end, bool toMemory)
    {
        for (int i = begin; i < end; i++)
        {
            ScalarPlaces at = _places[i];
            MethodInfo formula = _steps[i].Code;
            if (!formula.IsStatic)
            {
                _code.Emit(OpCodes.Ldarg_0);
                _code.Emit(OpCodes.Ldc_I4, i);
                _code.Emit(OpCodes.Ldelem_Ref);
            }
            Load(at.A);
            Load(at.B);
            Load(at.C);
            Load(at.D);
            _code.Emit(OpCodes.Call, formula);
            Set(at.Y);
            if (!toMemory) continue;
            // The compiler cannot know who reads it.
            Address(at.Y);
            _code.Emit(OpCodes.Ldloc, _variables[at.Y]);
            _code.Emit(OpCodes.Stobj, typeof(T));
        }
    }

    private void Load(int place)
    {
        if (!_variables.TryGetValue(place, out LocalBuilder? variable))
        {
            Address(place);
            _code.Emit(OpCodes.Ldobj, typeof(T));
            Set(place);
            variable = _variables[place];
        }
        _code.Emit(OpCodes.Ldloc, variable);
    }

    // A new variable: where a place is written twice, the compiler knows more of two.
    private void Set(int place)
    {
        LocalBuilder variable = _variables[place] = _code.DeclareLocal(typeof(T));
        _code.Emit(OpCodes.Stloc, variable);
    }

    private void Address(int place)
    {
        _code.Emit(OpCodes.Ldarg_1);
        _code.Emit(OpCodes.Ldc_I4, place * Unsafe.SizeOf<T>());
        _code.Emit(OpCodes.Conv_I);
        _code.Emit(OpCodes.Add);
    }

    private void Slot(int slot)
    {
        _code.Emit(OpCodes.Ldarg_1);
        _code.Emit(OpCodes.Ldc_I4, slot);
        _code.Emit(OpCodes.Ldelem_Ref);
    }

    private void Write(int place, int slot, Action<Tensor, T> how)
    {
        Slot(slot);
        Load(place);
        _code.Emit(OpCodes.Call, how.Method);
    }

    private void Call(Func<Tensor, T> how) => _code.Emit(OpCodes.Call, how.Method);

    // By its bits, of which a NaN has many.
    private void Constant(T value)
    {
        long bits = 0;
        Unsafe.As<long, T>(ref bits) = value;
        _code.Emit(OpCodes.Ldc_I8, bits);
        _code.Emit(OpCodes.Call, ((Func<long, T>)OfBits).Method);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfBits(long bits) => Unsafe.As<long, T>(ref bits);
}
