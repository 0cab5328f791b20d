namespace Adjoint;

/// <summary>The derivatives of the results of one operation by its operands, element by element, at the values of a run.</summary>
internal sealed class LocalDerivatives
{
    private readonly GraphOperation _operation;
    private readonly Tensor?[] _leaves, _results;

    private LocalDerivatives(GraphOperation operation, Tensor?[] leaves, Tensor?[] results) =>
        (_operation, _leaves, _results) = (operation, leaves, results);

    /// <summary>Runs the operation once more, recorded.</summary>
    internal static LocalDerivatives Of(GraphOperation operation, GraphRun run)
    {
        var leaves = new Tensor?[operation.Inputs.Count];
        var inputs = new Tensor?[leaves.Length];
        using GradScope _ = Autograd.EnableGrad();
        for (int i = 0; i < inputs.Length; i++)
        {
            if (operation.Inputs[i] is not { } x) continue;
            Tensor seen = inputs[i] = run.Show(x).Detach();
            if (!operation.Recorded[i]) continue;
            leaves[i] = seen.RequiresGradInPlace();
            // What is changed in place is a copy, with the leaf behind it.
            if (operation.Call.IsInPlace && i == 0) inputs[i] = Copied(seen);
        }
        return new(operation, leaves, operation.Call.With(inputs).Execute());
    }

    /// <summary>What an element of a result depends on, and how strongly.</summary>
    /// <param name="y">The result.</param>
    /// <param name="index">The element, in row-major order.</param>
    internal IEnumerable<(GraphTensor X, int Index, double Factor)> At(GraphTensor y, int index)
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
        for (int i = 0; i < _leaves.Length; i++)
        {
            if (_leaves[i] is null || gradients[next++] is not { } gradient) continue;
            double[] factors = Elements.ToArray<double>(gradient);
            bool any = false;
            for (int k = 0; k < factors.Length; k++)
            {
                if (factors[k] == 0) continue;
                any = true;
                yield return (_operation.Inputs[i]!, k, factors[k]);
            }
            // A slope of 0 is worth seeing where the element is computed from nothing else.
            if (!any && factors.Length == one.Length) yield return (_operation.Inputs[i]!, index, factors[index]);
        }
    }

    // The copy lies in memory as the tensor does.
    private static Tensor Copied(Tensor x)
    {
        if (x.IsContiguous) return x.Clone();
        int[] order = Layout.MemoryOrder(x.Shape, x.Strides);
        return x.Permute(order).Contiguous().Clone().Permute(Layout.Inverse(order));
    }
}
