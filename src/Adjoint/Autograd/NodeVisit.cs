namespace Adjoint;

/// <summary>
/// A visit of the engine to a node with hooks, with a wanted gradient or under anomaly detection, in PyTorch's order:
/// tensor hooks, RetainGrad, capture, pre-hooks, the node, hooks after accumulation, post-hooks.
/// </summary>
internal static class NodeVisit
{
    /// <summary>Visits the node; says whether it was run, or only had its gradients taken.</summary>
    internal static bool Run(Engine run, Node node, BackwardTargets? targets)
    {
        Tensor?[] gradients = run.Take(node);
        NodeExtras? extras = node.Extras;
        if (extras is not null) RunTensorHooks(run, node, extras, gradients);
        if (targets is not null)
        {
            targets.Capture(node, gradients);
            if (!targets.MustRun(node)) return false;
        }
        if (extras is not null) gradients = RunPreHooks(node, extras, gradients);
        if (GraphCapture.IsAnywhere) GraphCapture.Current?.Visit(node, gradients, isFreed: !run.RetainGraph);

        Tensor?[] results;
        try
        {
            results = node.Apply(gradients);
            Anomaly.Check(node, results);
        }
        catch (Exception error) when (Anomaly.IsEnabled && error is not AnomalyException)
        {
            throw Anomaly.WithTrace(node, error);
        }

        if (extras is not null) results = RunPostHooks(node, extras, results, gradients);
        // Users may hold all of it.
        for (int i = 0; i < results.Length && i < node.InputCount; i++) run.Send(node.InputEdge(i), results[i], own: false);
        return true;
    }

    private static void RunTensorHooks(Engine run, Node node, NodeExtras extras, Tensor?[] gradients)
    {
        for (int output = 0; output < gradients.Length; output++)
        {
            if (gradients[output] is not { } gradient) continue;
            if (extras.FindHooks(output) is { IsEmpty: false } hooks)
            {
                using UserCode _ = UserCode.Here();
                foreach (var (_, hook) in hooks.All)
                {
                    if (hook.Target is MultiGradHook.Place place)
                    {
                        place.Arrived(run, gradient);
                        continue;
                    }
                    if (hook(gradient) is not { } replaced) continue;
                    CheckReplacement(node, gradient, replaced);
                    gradient = replaced;
                }
                gradients[output] = gradient;
            }
            extras.Retain(output, gradient);
        }
    }

    private static Tensor?[] RunPreHooks(Node node, NodeExtras extras, Tensor?[] gradients)
    {
        if (extras.PreHooks.IsEmpty) return gradients;
        using UserCode _ = UserCode.Here();
        foreach (var (_, hook) in extras.PreHooks.All)
        {
            if (hook(gradients) is not { } replaced) continue;
            CheckCount(node, "pre-hook", replaced.Length, gradients.Length);
            gradients = replaced;
        }
        return gradients;
    }

    private static Tensor?[] RunPostHooks(Node node, NodeExtras extras, Tensor?[] results, Tensor?[] gradients)
    {
        if (extras.PostAccumulate.IsEmpty && extras.PostHooks.IsEmpty) return results;
        using UserCode _ = UserCode.Here();
        if (node is AccumulateGrad leaf && gradients[0] is not null)
            foreach (var (_, hook) in extras.PostAccumulate.All) hook(leaf.Variable);
        foreach (var (_, hook) in extras.PostHooks.All)
        {
            if (hook(results, gradients) is not { } replaced) continue;
            CheckCount(node, "hook", replaced.Length, results.Length);
            results = replaced;
        }
        return results;
    }

    private static void CheckReplacement(Node node, Tensor gradient, Tensor replaced)
    {
        if (!replaced.Shape.Equals(gradient.Shape))
            throw new ShapeException(
                $"{node.Name}: a hook returned a gradient of shape {replaced.Shape}, but the gradient has {gradient.Shape}; a hook may "
                + "not change it.");
        if (replaced.DType != gradient.DType)
            throw new DTypeException(
                $"{node.Name}: a hook returned a {replaced.DType} gradient, but the gradient is {gradient.DType}; a hook may not change "
                + "it.");
    }

    private static void CheckCount(Node node, string kind, int got, int expected)
    {
        if (got != expected)
            throw new AutogradException($"{node.Name}: a {kind} returned {got} gradients, but {expected} were expected.");
    }
}
