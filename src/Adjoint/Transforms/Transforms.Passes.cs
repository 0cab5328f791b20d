namespace Adjoint;

public static partial class Transforms
{
    /// <summary>
    /// One pass of forward mode: f(xs), and the tangent of each result, null where it depends on no argument that has one.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="xs">Where.</param>
    /// <param name="directions">The tangents of the arguments; an argument whose tangent is null is held constant.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    private static (IReadOnlyList<Tensor> Values, Tensor?[] Tangents) Push(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor?> directions, bool createGraph)
    {
        CheckArguments(xs);
        bool recording = (createGraph && Autograd.IsGradEnabled) || IsNested;
        using GradScope mode = Autograd.SetGradEnabled(recording);
        using ForwardLevel level = ForwardMode.Enter();
        // A backward pass inside the function records for itself; what is left of that must not stay behind the results.
        bool constant = !recording && level.Depth == 1;
        var inputs = new Tensor[xs.Count];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = directions[i] is { } direction ? ForwardAD.MakeDual(xs[i], direction) : xs[i].View(xs[i].Shape);
        IReadOnlyList<Tensor> outputs = Inside(f, inputs);
        var values = new Tensor[outputs.Count];
        var tangents = new Tensor?[outputs.Count];
        for (int i = 0; i < values.Length; i++)
        {
            (values[i], tangents[i]) = ForwardAD.UnpackDual(outputs[i]);
            if (constant) (values[i], tangents[i]) = (values[i].Detach(), tangents[i]?.Detach());
        }
        return (values, tangents);
    }

    /// <summary>One recorded call of the user's function, for any number of backward passes.</summary>
    private readonly record struct Call(IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Outputs, bool CreateGraph, bool Strict)
    {
        internal static Call Run(
            Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, bool createGraph, bool strict)
        {
            CheckArguments(xs);
            createGraph |= IsNested;
            using GradScope mode = Autograd.EnableGrad();
            var inputs = new Tensor[xs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                // An alias, so that the argument's own Grad and hooks stay out of it; with createGraph connected to its history.
                inputs[i] = createGraph && xs[i].RequiresGrad || ForwardMode.Level > 0 ? xs[i].View(xs[i].Shape) : xs[i].Detach();
                if (!inputs[i].RequiresGrad) inputs[i].RequiresGrad = true;
            }
            IReadOnlyList<Tensor> outputs = Inside(f, inputs);
            for (int i = 0; i < outputs.Count && strict; i++)
            {
                if (!outputs[i].RequiresGrad)
                {
                    throw new AutogradException($"Result {i} of the function does not require grad: "
                        + "it must be computed differentiably from the arguments in strict mode.");
                }
            }
            return new Call(inputs, outputs, createGraph, strict);
        }

        /// <summary>vᵀJ for each input, zeros where nothing depends on it.</summary>
        internal IReadOnlyList<Tensor> Pull(IReadOnlyList<Tensor?> vs, bool retainGraph = false)
        {
            var reached = new List<Tensor>();
            var seeds = new List<Tensor?>();
            for (int i = 0; i < Outputs.Count; i++)
            {
                if (!Outputs[i].RequiresGrad) continue;
                reached.Add(Outputs[i]);
                seeds.Add(vs[i]);
            }
            Tensor?[] gradients = reached.Count == 0 ? new Tensor?[Inputs.Count]
                : Autograd.Grad(reached, Inputs, seeds, retainGraph || CreateGraph, CreateGraph, allowUnused: true);
            var results = new Tensor[Inputs.Count];
            for (int i = 0; i < results.Length; i++)
            {
                if (gradients[i] is null && Strict)
                    throw new AutogradException($"The result of the function does not depend on argument {i}, which strict mode forbids.");
                results[i] = gradients[i] ?? Inputs[i].ZerosLike();
            }
            return results;
        }

        internal Tensor Result(int i) => CreateGraph || ForwardMode.Level > 0 ? Outputs[i] : Outputs[i].Detach();

        internal IReadOnlyList<Tensor> Results()
        {
            var results = new Tensor[Outputs.Count];
            for (int i = 0; i < results.Length; i++) results[i] = Result(i);
            return results;
        }
    }

    private static IReadOnlyList<Tensor> Inside(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs)
    {
        s_depth++;
        try
        {
            return CheckResults(f(xs));
        }
        finally
        {
            s_depth--;
        }
    }
}
