namespace Adjoint;

/// <summary>The derivatives of the results of one operation by its operands, element by element, at the values of a run.</summary>
internal sealed class LocalDerivatives
{
    private readonly GraphOperation _operation;
    private readonly Tensor?[] _leaves, _results;

    private LocalDerivatives(GraphOperation operation, Tensor?[] leaves, Tensor?[] results) =>
        (_operation, _leaves, _results) = (operation, leaves, results);

    /// <summary>What it gave, with its history.</summary>
    internal IReadOnlyList<Tensor?> Results => _results;

    /// <summary>Runs the operation once more, recorded.</summary>
    internal static LocalDerivatives Of(GraphOperation operation, GraphRun run) => Of(operation, run, i =>
        operation.Recorded[i]
        && !(operation.Origins[i].Start == GraphStart.Leaf && operation.Inputs[i]!.Value.Memory.Role == GraphRole.Result));

    /// <summary>Runs the operation, recorded for some of its operands.</summary>
    internal static LocalDerivatives Of(GraphOperation operation, GraphRun run, Func<int, bool> isWanted)
    {
        var leaves = new Tensor?[operation.Inputs.Count];
        var inputs = new Tensor?[leaves.Length];
        using GradScope _ = Autograd.EnableGrad();
        for (int i = 0; i < inputs.Length; i++)
        {
            if (operation.Inputs[i] is not { } x) continue;
            Tensor seen = inputs[i] = run.Show(x).Detach();
            if (operation.Call.IsInPlace && i == 0 && !isWanted(i)) inputs[i] = Copied(seen);
            if (!isWanted(i)) continue;
            leaves[i] = seen.RequiresGradInPlace();
            // What is changed in place is a copy, with the leaf behind it.
            if (operation.Call.IsInPlace && i == 0) inputs[i] = Copied(seen);
        }
        // As if tangents were around: then rules save what these need too.
        int level = ForwardMode.Hide();
        ForwardMode.Show(1);
        try
        {
            return new(operation, leaves, operation.Call.With(inputs).Execute());
        }
        finally
        {
            ForwardMode.Show(level);
        }
    }

    /// <summary>What an element of a result depends on, and how strongly.</summary>
    /// <param name="y">The result.</param>
    /// <param name="index">The element, in row-major order.</param>
    /// <param name="weight">Its gradient: where that is not finite, elements of the slope 0 count too that it makes NaN.</param>
    internal IEnumerable<(GraphTensor X, int Index, double Factor)> At(GraphTensor y, int index, double weight)
    {
        int result = 0;
        while (!ReferenceEquals(_operation.Results[result], y)) result++;
        if (_results[result] is not { RequiresGrad: true } value) yield break;
        var one = new double[y.Shape.NumEl];
        one[index] = 1;
        Tensor[] wanted = [.. _leaves.OfType<Tensor>()];
        Tensor?[] gradients =
            [.. Autograd.Grad([value], wanted, [Tensor.FromDoubles(one, y.Shape, value.DType)], retainGraph: true, allowUnused: true)];
        int next = 0;
        int[] at = GraphPlaces.IndexOf(y.Shape, index);
        Tensor?[]? none = null, weighted = null;
        for (int i = 0; i < _leaves.Length; i++)
        {
            if (_leaves[i] is null || gradients[next++] is not { } gradient) continue;
            double[] factors = Elements.ToArray<double>(gradient);
            double[]? ofNone = null;
            double[] times = double.IsFinite(weight) ? []
                : Elements.ToArray<double>((weighted ??= Vjp(Alone(result, index, weight)))[i] ?? gradient);
            bool any = false;
            for (int k = 0; k < factors.Length; k++)
            {
                if (factors[k] == 0)
                {
                    if (times.Length > 0 && !double.IsFinite(times[k])
                        && GraphReads.MayRead(_operation, y, at, i, GraphPlaces.IndexOf(_operation.Inputs[i]!.Shape, k)))
                        yield return (_operation.Inputs[i]!, k, 0);
                    continue;
                }
                // 0 · ∞ of elements that have nothing to do with this one. See Note [Zero times NaN].
                if (double.IsNaN(factors[k]))
                {
                    if (!GraphReads.MayRead(_operation, y, at, i, GraphPlaces.IndexOf(_operation.Inputs[i]!.Shape, k))) continue;
                    ofNone ??= Elements.ToArray<double>((none ??= Vjp(Alone(result, index, 0)))[i]!);
                    if (double.IsNaN(ofNone[k]) && !IsMovedBy(i, k, result, index)) continue;
                }
                any = true;
                yield return (_operation.Inputs[i]!, k, factors[k]);
            }
            // A slope of 0 is worth seeing where the element is computed from nothing else; but not where 0 · ∞ is a product that the
            // rule does not make.
            if (!any && factors.Length == one.Length && double.IsFinite(weight))
                yield return (_operation.Inputs[i]!, index, factors[index]);
        }
    }

    // The gradient of one element, and 0 for the others.
    private Tensor?[] Alone(int result, int index, double gradient)
    {
        var seeds = new Tensor?[_results.Length];
        var all = new double[_results[result]!.NumEl];
        all[index] = gradient;
        seeds[result] = Tensor.FromDoubles(all, _results[result]!.Shape, _results[result]!.DType);
        return seeds;
    }

    // Whether an element of a result moves with an element of an operand: NaN there, and 0 elsewhere, makes it NaN.
    private bool IsMovedBy(int input, int place, int result, int index)
    {
        var tangents = new Tensor?[_leaves.Length];
        var moved = new double[_leaves[input]!.NumEl];
        moved[place] = double.NaN;
        tangents[input] = Tensor.FromDoubles(moved, _leaves[input]!.Shape, _leaves[input]!.DType);
        return Jvp(tangents)[result] is { } t && double.IsNaN(Elements.ToArray<double>(Elements.ToContiguous(t.Detach()))[index]);
    }

    /// <summary>The gradients of the operands, for those of the results (null stands for zero).</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="without">The number of an operand whose gradient nobody asks for.</param>
    internal Tensor?[] Vjp(IReadOnlyList<Tensor?> gradients, int without = -1)
    {
        List<Tensor> outputs = [], seeds = [];
        for (int i = 0; i < _results.Length; i++)
        {
            if (gradients[i] is not { } g || _results[i] is not { RequiresGrad: true } y) continue;
            outputs.Add(y);
            seeds.Add(g);
        }
        var all = new Tensor?[_leaves.Length];
        Tensor[] wanted = [.. _leaves.Where((leaf, i) => leaf is not null && i != without)!];
        if (outputs.Count == 0 || wanted.Length == 0) return all;
        IReadOnlyList<Tensor?> found = Autograd.Grad(outputs, wanted, seeds, retainGraph: true, allowUnused: true);
        int next = 0;
        for (int i = 0; i < all.Length; i++)
            if (_leaves[i] is not null && i != without) all[i] = found[next++];
        return all;
    }

    /// <summary>
    /// The tangents of the results, for those of the operands (null stands for zero): forward through the nodes that were recorded, so
    /// that a draw is not drawn again.
    /// </summary>
    /// <exception cref="MissingRuleException">The operation has no rule for it.</exception>
    internal Tensor?[] Jvp(IReadOnlyList<Tensor?> tangents)
    {
        using GradScope _ = Autograd.NoGrad();
        var known = new Dictionary<Node, Tensor?[]>(ReferenceEqualityComparer.Instance);
        var order = new PriorityQueue<Node, long>();
        var waiting = new Stack<Node>();
        for (int i = 0; i < _leaves.Length; i++)
            if (_leaves[i] is { } leaf) known[leaf.GradientEdge.Node!] = [tangents[i]];
        foreach (Tensor? y in _results)
            if (y is { RequiresGrad: true } && y.GradientEdge.Node is { } node) waiting.Push(node);
        var seen = new HashSet<Node>(known.Keys, ReferenceEqualityComparer.Instance);
        while (waiting.TryPop(out Node? node))
        {
            if (!seen.Add(node)) continue;
            order.Enqueue(node, node.Sequence);
            for (int i = 0; i < node.InputCount; i++)
                if (node.InputEdge(i).Node is { } next) waiting.Push(next);
        }
        while (order.TryDequeue(out Node? node, out long _))
        {
            var given = new Tensor?[node.InputCount];
            for (int i = 0; i < given.Length; i++)
                if (node.InputEdge(i) is { Node: { } from } edge && known.TryGetValue(from, out Tensor?[]? tangent))
                    given[i] = tangent[edge.InputNr];
            known[node] = given.All(t => t is null) ? new Tensor?[node.OutputCount] : node.Jvp(given);
        }
        return [.. _results.Select(y =>
            y is { RequiresGrad: true } && y.GradientEdge is { Node: { } made } edge ? known[made][edge.InputNr] : null)];
    }

    // The copy lies in memory as the tensor does.
    private static Tensor Copied(Tensor x)
    {
        if (x.IsContiguous) return x.Clone();
        int[] order = Layout.MemoryOrder(x.Shape, x.Strides);
        return x.Permute(order).Contiguous().Clone().Permute(Layout.Inverse(order));
    }
}
