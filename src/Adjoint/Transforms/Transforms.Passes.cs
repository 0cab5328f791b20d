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
        if ((createGraph && Autograd.IsGradEnabled) || IsNested) return Push(f, xs, directions, recording: true, differentiable: true);
        var random = new RandomRecord();
        try
        {
            return random.Run(() => Push(f, xs, directions, recording: false, differentiable: false));
        }
        catch (NoHistoryException)
        {
            // The function runs a backward pass itself, and must be recorded for that.
            random.Rewind();
            return Push(f, xs, directions, recording: true, differentiable: false);
        }
    }

    private static (IReadOnlyList<Tensor> Values, Tensor?[] Tangents) Push(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor?> directions,
        bool recording, bool differentiable)
    {
        var level = new ForwardLevel(ForwardMode.Innermost, endsAtNoGrad: true);
        using UserCode _ = UserCode.In(Inside(recording));
        ForwardMode.Enter(level);
        try
        {
            var inputs = new Tensor[xs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                Tensor x = Usable(xs[i]);
                inputs[i] = directions[i] is { } direction ? ForwardAD.MakeDual(x, Usable(direction)) : x.View(x.Shape);
                if (recording && !differentiable && !inputs[i].RequiresGrad) inputs[i].RequiresGrad = true;
            }
            IReadOnlyList<Tensor> outputs;
            using (UserCode.Here()) outputs = CheckResults(f(inputs));
            var values = new Tensor[outputs.Count];
            var tangents = new Tensor?[outputs.Count];
            for (int i = 0; i < values.Length; i++)
            {
                (values[i], tangents[i]) = ForwardAD.UnpackDual(outputs[i]);
                // A backward pass inside the function records for itself; what is left of that must not stay behind the results.
                if (!differentiable)
                    (values[i], tangents[i]) = (WithoutHistory(values[i]), tangents[i] is { } t ? WithoutHistory(t) : null);
            }
            return (values, tangents);
        }
        finally
        {
            level.End();
        }
    }

    /// <summary>One recorded call of the user's function, for any number of backward passes.</summary>
    private readonly record struct Call(IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Outputs, bool CreateGraph, bool Strict)
    {
        internal static Call Run(
            Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, bool createGraph, bool strict)
        {
            CheckArguments(xs);
            createGraph |= IsNested;
            using UserCode _ = UserCode.In(Inside(recording: true));
            var inputs = new Tensor[xs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                Tensor x = Usable(xs[i]);
                // An alias, so that the argument's own Grad and hooks stay out of it; with createGraph connected to its history.
                inputs[i] = createGraph && x.RequiresGrad || ForwardMode.Level > 0 ? x.View(x.Shape) : x.Detach();
                if (!inputs[i].RequiresGrad) inputs[i].RequiresGrad = true;
            }
            IReadOnlyList<Tensor> outputs = CheckResults(f(inputs));
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
                seeds.Add(vs[i] is { } v ? Usable(v) : null);
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

        internal Tensor Result(int i) => CreateGraph ? Outputs[i] : WithoutHistory(Outputs[i]);

        internal IReadOnlyList<Tensor> Results()
        {
            var results = new Tensor[Outputs.Count];
            for (int i = 0; i < results.Length; i++) results[i] = Result(i);
            return results;
        }
    }

    /// <summary>
    /// The modes that a function is called in: recording or not whatever surrounds the transform, also in inference mode, where
    /// nothing could be differentiated.
    /// </summary>
    private static ModeState Inside(bool recording)
    {
        ModeState now = ModeState.Now;
        GradMode.Switch off = GradMode.Switch.NoGrad | GradMode.Switch.Inference;
        return new ModeState(
            recording ? now.Switches & ~off : (now.Switches & ~off) | GradMode.Switch.NoGrad,
            now.Rare with { Nesting = now.Rare.Nesting + 1 });
    }

    /// <summary>The same value as a constant for reverse mode; the tangents of levels around it stay.</summary>
    private static Tensor WithoutHistory(Tensor y)
    {
        Tensor constant = y.Detach();
        if (ForwardMode.Level != 0) constant.SetTangents(y.Tangents);
        return constant;
    }

    /// <summary>An inference tensor cannot be part of what is differentiated, but a copy can.</summary>
    private static Tensor Usable(Tensor x) => x.IsInference && !Autograd.IsInferenceModeEnabled ? x.Clone() : x;
}
