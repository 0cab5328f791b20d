using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>A formula of up to four numbers.</summary>
internal interface IScalarFormula<T> where T : unmanaged
{
    /// <summary>Its value; an argument that it does not have is 0.</summary>
    T Value(T a, T b, T c, T d);
}

/// <summary>A step of a program of numbers, whatever their type.</summary>
internal interface IScalarStep
{
    /// <summary>The formula as a method of the step, or a static one where the formula has no parameters of its own.</summary>
    MethodInfo Code { get; }
}

/// <summary>Where the numbers of a step lie: its arguments, of which place 0 stands for one that it does not have, and its
/// value.</summary>
internal readonly record struct ScalarPlaces(int A, int B, int C, int D, int Y);

/// <summary>A step of a program of numbers: one formula.</summary>
internal abstract class ScalarStep<T> : IScalarStep where T : unmanaged
{
    /// <summary>Computes it.</summary>
    internal abstract void Run(ref T memory, in ScalarPlaces at);

    /// <inheritdoc/>
    public abstract MethodInfo Code { get; }
}

/// <inheritdoc cref="ScalarStep{T}"/>
internal sealed class ScalarStep<TFormula, T>(TFormula formula) : ScalarStep<T>
    where TFormula : struct, IScalarFormula<T> where T : unmanaged
{
    internal override void Run(ref T memory, in ScalarPlaces at) =>
        Unsafe.Add(ref memory, at.Y) = formula.Value(
            Unsafe.Add(ref memory, at.A), Unsafe.Add(ref memory, at.B), Unsafe.Add(ref memory, at.C), Unsafe.Add(ref memory, at.D));

    /// <summary>The formula, for generated code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Value(T a, T b, T c, T d) => formula.Value(a, b, c, d);

    /// <summary>The formula where all its bits are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Plain(T a, T b, T c, T d) => default(TFormula).Value(a, b, c, d);

    public override MethodInfo Code => IsPlain ? ((Func<T, T, T, T, T>)Plain).Method : ((Func<T, T, T, T, T>)Value).Method;

    // A struct without fields has one byte.
    private bool IsPlain =>
        Unsafe.SizeOf<TFormula>() == 1 && Unsafe.As<TFormula, byte>(ref Unsafe.AsRef(in formula)) == 0;
}
