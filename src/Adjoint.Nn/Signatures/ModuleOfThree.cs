namespace Adjoint.Nn;

/// <summary>A module of three arguments: a <see cref="Module{TIn, TOut}"/> of their tuple, which its hooks see.</summary>
/// <typeparam name="T1">What it takes as argument 1.</typeparam>
/// <typeparam name="T2">What it takes as argument 2.</typeparam>
/// <typeparam name="T3">What it takes as argument 3.</typeparam>
/// <typeparam name="TOut">What it gives.</typeparam>
public abstract class Module<T1, T2, T3, TOut> : Module<(T1, T2, T3), TOut>
{
    /// <summary>The output for three arguments, with the hooks that were registered.</summary>
    /// <exception cref="AutogradException">Modules are called by each other so deeply that the stack of the thread ends.</exception>
    public TOut Call(T1 input1, T2 input2, T3 input3) => Call((input1, input2, input3));

    /// <summary>How the output is computed. Users call <c>Call</c>, which runs the hooks.</summary>
    protected abstract TOut Forward(T1 input1, T2 input2, T3 input3);

    /// <inheritdoc/>
    protected sealed override TOut Forward((T1, T2, T3) input) => Forward(input.Item1, input.Item2, input.Item3);
}
