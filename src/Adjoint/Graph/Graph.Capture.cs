using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Graph
{
    /// <summary>Captures a function of no argument, such as a whole training step.</summary>
    /// <param name="step">The function. It is called two or three times, and what it changed is brought back.</param>
    /// <param name="lines">Whether each operation knows the line of code it comes from, which makes capturing slower.</param>
    /// <exception cref="GraphException">It does what a graph cannot repeat; the message says which line, and what to do.</exception>
    /// <remarks>
    /// A run of the graph is to do what a call of the function does, for the tensors as they then are. C# code outside of tensors runs only
    /// while it is captured. So the function is captured twice; where a number, a branch or a tensor is another one the second time, it
    /// is refused: make it an argument, or <see cref="Number"/>. To capture is not to run: parameters, buffers, gradients, optimizers and
    /// generators are afterwards as they were.
    /// </remarks>
    /// <example><code>
    /// Tensor w = Tensor.From([1f, 2f], requiresGrad: true), x = Tensor.From([3f, 4f]);
    /// Graph g = Graph.Capture(() => (w * x).Sum().Backward());
    /// Console.WriteLine(g.Gradients[0].Value);            // w.grad Float32[2]
    /// Console.WriteLine(w.Grad is null);                  // True
    /// </code></example>
    public static Graph Capture(Action step, bool lines = false)
    {
        step.Given();
        return Of(step, [], [], lines, () => { step(); return []; });
    }

    /// <summary>Captures a function of no argument with one result.</summary>
    /// <inheritdoc cref="Capture(Action, bool)"/>
    public static Graph Capture(Func<Tensor> f, bool lines = false)
    {
        f.Given();
        return Of(f, [], [], lines, () => [f()]);
    }

    /// <summary>Captures a function of one tensor.</summary>
    /// <param name="f">The function. It is called two or three times, and what it changed is brought back.</param>
    /// <param name="x">Its argument; the graph can be run for others of the same shape and dtype.</param>
    /// <param name="lines">Whether each operation knows the line of code it comes from, which makes capturing slower.</param>
    /// <param name="xName">What the argument is called: left out, what the caller wrote.</param>
    /// <inheritdoc cref="Capture(Action, bool)"/>
    public static Graph Capture(
        Func<Tensor, Tensor> f, Tensor x, bool lines = false, [CallerArgumentExpression(nameof(x))] string? xName = null)
    {
        f.Given();
        x.Given();
        return Of(f, [x], [xName], lines, () => [f(x)]);
    }

    /// <summary>Captures a function of two tensors.</summary>
    /// <inheritdoc cref="Capture(Func{Tensor, Tensor, Tensor, Tensor}, Tensor, Tensor, Tensor, bool, string, string, string)"/>
    public static Graph Capture(
        Func<Tensor, Tensor, Tensor> f, Tensor x, Tensor y, bool lines = false,
        [CallerArgumentExpression(nameof(x))] string? xName = null, [CallerArgumentExpression(nameof(y))] string? yName = null)
    {
        f.Given();
        x.Given();
        y.Given();
        return Of(f, [x, y], [xName, yName], lines, () => [f(x, y)]);
    }

    /// <summary>Captures a function of three tensors.</summary>
    /// <param name="f">The function. It is called two or three times, and what it changed is brought back.</param>
    /// <param name="x">Its first argument; the graph can be run for others of the same shape and dtype.</param>
    /// <param name="y">Its second argument.</param>
    /// <param name="z">Its third argument.</param>
    /// <param name="lines">Whether each operation knows the line of code it comes from, which makes capturing slower.</param>
    /// <param name="xName">What the first argument is called: left out, what the caller wrote.</param>
    /// <param name="yName">What the second argument is called.</param>
    /// <param name="zName">What the third argument is called.</param>
    /// <inheritdoc cref="Capture(Action, bool)"/>
    public static Graph Capture(
        Func<Tensor, Tensor, Tensor, Tensor> f, Tensor x, Tensor y, Tensor z, bool lines = false,
        [CallerArgumentExpression(nameof(x))] string? xName = null, [CallerArgumentExpression(nameof(y))] string? yName = null,
        [CallerArgumentExpression(nameof(z))] string? zName = null)
    {
        f.Given();
        x.Given();
        y.Given();
        z.Given();
        return Of(f, [x, y, z], [xName, yName, zName], lines, () => [f(x, y, z)]);
    }

    /// <summary>Captures a function of any number of tensors with any number of results.</summary>
    /// <param name="f">The function. It is called two or three times, and what it changed is brought back.</param>
    /// <param name="inputs">Its arguments, which are called input1, input2, …</param>
    /// <param name="lines">Whether each operation knows the line of code it comes from, which makes capturing slower.</param>
    /// <inheritdoc cref="Capture(Action, bool)"/>
    // [x] is a list here, as the function's argument is one, and not a tensor of one slice.
    [OverloadResolutionPriority(1)]
    public static Graph Capture(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs, bool lines = false)
    {
        f.Given();
        Tensor[] all = [.. inputs.AllGiven()];
        return Of(f, all, new string?[all.Length], lines, () => f(all));
    }

    /// <summary>
    /// A C# number that a run of the graph asks for again, such as a learning rate in a closure. Elsewhere it is what the function returns.
    /// </summary>
    /// <param name="ask">Gives the number; called once a run.</param>
    /// <returns>A tensor without dimensions, which counts as a number among operands.</returns>
    /// <example><code>
    /// double lr = 0.1;
    /// Tensor w = Tensor.From([1.0]), g = Tensor.From([2.0]);
    /// Graph step = Graph.Capture(() => w.SubInPlace(g * Graph.Number(() => lr)));
    /// </code></example>
    public static Tensor Number(Func<double> ask)
    {
        ask.Given();
        UserCode.CheckStack();
        Tensor number = ask();
        GraphCapture.Current?.Ask(number, ask);
        return number;
    }

    private static Graph Of(Delegate f, Tensor[] inputs, string?[] names, bool lines, Func<IReadOnlyList<Tensor>> call) =>
        Trace(f, inputs, names, lines, call).Graph;

    /// <summary>Captures a function, with what the graph holds for.</summary>
    internal static GraphTrace Trace(Delegate f, Tensor[] inputs, string?[] names, bool lines, Func<IReadOnlyList<Tensor>> call)
    {
        var known = new GraphNames(f, inputs, names);
        Func<IReadOnlyList<Tensor>> checkedCall = () => call() is { } results && !results.Contains(null!) ? results
            : throw new GraphException("Graph.Capture: the function must return tensors, but returned null.");
        // Fields are brought back in the end: what the second call reads of the first is another tensor then, and seen.
        Func<string?> bringBack = known.Hold();
        try
        {
            GraphTrace trace = Same(known, inputs, lines, checkedCall);
            return bringBack() is not { } field ? trace
                : throw new GraphException(
                    $"{field}: was assigned in the function, which a run of the graph would not do again. Do that before the function is "
                    + "called; what a run is to remember is changed in place (CopyInPlace).");
        }
        finally
        {
            bringBack();
        }
    }

    // The first of two captures that do not differ.
    private static GraphTrace Same(GraphNames known, Tensor[] inputs, bool lines, Func<IReadOnlyList<Tensor>> checkedCall)
    {
        GraphTrace first = GraphCapture.Trace(known, lines, inputs, checkedCall),
            second = GraphCapture.Trace(known, lines, inputs, checkedCall);
        // They are taken back after each capture, so the two do not differ.
        if (first.SetsOptions || second.SetsOptions)
            throw GraphException.At(
                first.SetsOptionsAt ?? second.SetsOptionsAt,
                "Graph.Capture: the function sets options of an optimizer, which a run of the graph would not do again. Do that (a "
                + "scheduler's Step, say) outside of it: a run reads the options.");
        if (GraphDifference.Between(first.Graph, second.Graph) is not { } difference) return first;
        GraphLine? line = difference.Line;
        if (line is null)
            line = GraphCapture.Trace(known, true, inputs, checkedCall).Graph.Operations.ElementAtOrDefault(difference.Operation)?.Line;
        throw GraphException.At(line, difference.Message);
    }
}
