using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>Straight-line code of a program of numbers, where code can be generated.</summary>
/// <remarks>
/// // Note [Pieces of straight-line code]
/// A piece calls the formulas of up to <see cref="MostSteps"/> steps, which the compiler puts in place of the calls, and has their values
/// in variables. Only what another piece or a tensor needs goes to memory. Larger pieces are slower: the compiler then no longer knows
/// all variables. Very long programs stay interpreted, since their code would neither be compiled in reasonable time nor stay in the
/// caches.
/// </remarks>
internal static class ScalarCode<T> where T : unmanaged
{
    private const int MostSteps = 200, MostPieces = 50;

    /// <summary>A piece: the steps and the numbers.</summary>
    internal delegate void Piece(ScalarStep<T>[] steps, ref T memory);

    /// <summary>Makes code of a program on another thread, if code can be generated here and it is not too long.</summary>
    internal static void Begin(ScalarStep<T>[] steps, ScalarPlaces[] places, T[] template, Action<Piece[]> ready)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled || steps.Length > MostSteps * MostPieces) return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static work =>
            {
                if (!RuntimeFeature.IsDynamicCodeSupported) return;
                try
                {
                    Piece[] pieces = Make(work.steps, work.places);
                    // The first call of a method compiles it: not when it is waited for.
                    var numbers = (T[])work.template.Clone();
                    foreach (Piece piece in pieces) piece(work.steps, ref MemoryMarshal.GetArrayDataReference(numbers));
                    work.ready(pieces);
                }
                catch (Exception e) when (e is InvalidProgramException or OutOfMemoryException or NotSupportedException)
                {
                    // Then it stays interpreted.
                }
            },
            (steps, places, template, ready), preferLocal: false);
    }

    [RequiresDynamicCode("Generates code.")]
    private static Piece[] Make(ScalarStep<T>[] steps, ScalarPlaces[] places)
    {
        var pieces = new Piece[(steps.Length + MostSteps - 1) / MostSteps];
        for (int i = 0; i < pieces.Length; i++)
            pieces[i] = Make(steps, places, i * MostSteps, Math.Min(steps.Length, (i + 1) * MostSteps));
        return pieces;
    }

    [RequiresDynamicCode("Generates code.")]
    private static Piece Make(ScalarStep<T>[] steps, ScalarPlaces[] places, int begin, int end)
    {
        var method = new DynamicMethod("Numbers", null, [typeof(ScalarStep<T>[]), typeof(T).MakeByRefType()], typeof(ScalarCode<T>), true);
        ILGenerator code = method.GetILGenerator();
        var variables = new Dictionary<int, LocalBuilder>();
        for (int i = begin; i < end; i++)
        {
            ScalarPlaces at = places[i];
            MethodInfo formula = steps[i].Code;
            if (!formula.IsStatic)
            {
                code.Emit(OpCodes.Ldarg_0);
                code.Emit(OpCodes.Ldc_I4, i);
                code.Emit(OpCodes.Ldelem_Ref);
            }
            Load(at.A);
            Load(at.B);
            Load(at.C);
            Load(at.D);
            code.Emit(OpCodes.Call, formula);
            LocalBuilder value = variables[at.Y] = code.DeclareLocal(typeof(T));
            code.Emit(OpCodes.Stloc, value);
            // To memory as well: the compiler cannot know who reads it.
            Address(at.Y);
            code.Emit(OpCodes.Ldloc, value);
            code.Emit(OpCodes.Stobj, typeof(T));
        }
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Piece>();

        void Load(int place)
        {
            if (!variables.TryGetValue(place, out LocalBuilder? variable))
            {
                Address(place);
                code.Emit(OpCodes.Ldobj, typeof(T));
                variables[place] = variable = code.DeclareLocal(typeof(T));
                code.Emit(OpCodes.Stloc, variable);
            }
            code.Emit(OpCodes.Ldloc, variable);
        }

        void Address(int place)
        {
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ldc_I4, place * Unsafe.SizeOf<T>());
            code.Emit(OpCodes.Conv_I);
            code.Emit(OpCodes.Add);
        }
    }
}
