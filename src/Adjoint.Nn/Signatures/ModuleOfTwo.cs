namespace Adjoint.Nn;

/// <summary>A module of two arguments: a <see cref="Module{TIn, TOut}"/> of their tuple, which its hooks see.</summary>
/// <typeparam name="T1">What it takes as argument 1.</typeparam>
/// <typeparam name="T2">What it takes as argument 2.</typeparam>
/// <typeparam name="TOut">What it gives.</typeparam>
/// <example><code>
/// sealed class Attend : Module&lt;Tensor, Tensor?, Tensor&gt;
/// {
///     readonly Linear query = new(8, 8);
///     public new Tensor Call(Tensor x) => Call(x, null);          // an optional argument
///     protected override Tensor Forward(Tensor x, Tensor? mask)
///     {
///         Tensor scores = query.Call(x).MatMul(x.T);
///         return (mask is null ? scores : scores.MaskedFill(mask, double.NegativeInfinity)).Softmax(-1).MatMul(x);
///     }
/// }
/// </code></example>
public abstract class Module<T1, T2, TOut> : Module<(T1, T2), TOut>
{
    /// <summary>The output for two arguments, with the hooks that were registered.</summary>
    /// <exception cref="AutogradException">Modules are called by each other so deeply that the stack of the thread ends.</exception>
    public TOut Call(T1 input1, T2 input2) => Call((input1, input2));

    /// <summary>How the output is computed. Users call <c>Call</c>, which runs the hooks.</summary>
    protected abstract TOut Forward(T1 input1, T2 input2);

    /// <inheritdoc/>
    protected sealed override TOut Forward((T1, T2) input) => Forward(input.Item1, input.Item2);
}
