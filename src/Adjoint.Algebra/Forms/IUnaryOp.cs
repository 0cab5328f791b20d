namespace Adjoint;

/// <summary>
/// An element-wise function of one argument: its value and its slope, written once over any algebra.
/// Parameters (a negative slope, an exponent) are fields of the struct that implements it.
/// </summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public interface IUnaryOp
{
    /// <summary>The name in lower case with words joined by <c>_</c>, as PyTorch spells it: <c>tanh</c>, <c>leaky_relu</c>.</summary>
    static abstract string Name { get; }

    /// <summary>The number at the end of the node's name, where PyTorch has several nodes of one name: 1 for <c>PowBackward1</c>.</summary>
    static virtual int Overload => 0;

    /// <summary>How the operation is written, called and asked for elsewhere; nothing that computing with it needs.</summary>
    static virtual OpInfo Info => OpInfo.None;

    /// <summary>What <see cref="Slope"/> reads; nothing else is kept for the backward pass.</summary>
    static abstract Saves Saves { get; }

    /// <summary>Whether integers give integers (neg, abs, clamp); otherwise they are converted to Float32 first.</summary>
    static virtual bool KeepsIntegers => false;

    /// <summary>Whether Bool tensors are taken as the integers 0 and 1; otherwise they are refused.</summary>
    static virtual bool TakesBool => true;

    /// <summary>
    /// Whether the formula contains the code of primitives, so that inside another formula it is a call. See Note [Calls in formulas] in
    /// <see cref="IPrimitive"/>.
    /// </summary>
    static virtual bool IsLong => false;

    /// <summary>Where the function is defined and smooth: what the gradient tests sample.</summary>
    static virtual Domain Domain => Domain.Reals;

    /// <summary>Tells the parameters by PyTorch's names (an exponent, a negative slope); those without need not have it.</summary>
    /// <param name="to">Who is told.</param>
    void Describe(OpAttributes to)
    {
    }

    /// <summary>y = f(x).</summary>
    V Value<V>(V x) where V : IAlgebra<V>;

    /// <summary>dy/dx, given the argument x and the value y (each only if <see cref="Saves"/> names it).</summary>
    V Slope<V>(V x, V y) where V : IAlgebra<V>;
}

/// <summary>
/// A unary function that is not composed of others and therefore has code of its own for numbers and registers
/// (exp, log, sin, erf). Its <see cref="IUnaryOp.Value"/> is <c>V.Inlined&lt;TOp&gt;(x)</c>.
/// </summary>
/// <remarks>
/// Note [Calls in formulas]: the compiler puts functions in place of calls up to a number of variables in a method, and a call
/// it then leaves standing goes to code that is not yet optimised, thirty times slower. So a primitive within a formula is a
/// call on purpose, to code optimised from the start. A call is dear: its registers go through the stack, which is aligned to 16 bytes,
/// and where they lie across two cache lines a call takes 15 ns instead of 5, by the accident of how deep the stack is. So the loops of
/// the library's own functions and slopes contain their primitives' code (<see cref="IAlgebra{V}.Inlined{TOp}(V)"/>), as far as the
/// number of variables allows. A condition that is decided by the type of V takes room for both of its branches: what stands only for
/// readers of formulas is therefore a method that is not put in place of its call.
/// </remarks>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public interface IPrimitive : IUnaryOp
{
    /// <summary>
    /// Whether the function is a few instructions, which take less time than a call: then its code stands inside formulas too.
    /// </summary>
    static virtual bool IsShort => false;

    /// <summary>The function of every lane of a register.</summary>
    static abstract R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged;
}
