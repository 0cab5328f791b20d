using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Compile.Twins;

/// <summary>What a user may do between two steps.</summary>
internal static class TwinEvents
{
    internal static IReadOnlyList<(string Name, Action<Twin, Tensor, Tensor> Do)> All { get; } =
    [
        ("another rate", (twin, _, _) => twin.Optimizer.ParamGroups[0].Lr = twin.Optimizer.ParamGroups[0].Lr * 0.5),
        ("eval", (twin, _, _) => twin.Net.Eval()),
        ("train", (twin, _, _) => twin.Net.Train()),
        ("a weight is another", (twin, _, _) => Replace(twin)),
        ("a weight and the optimizer are others", (twin, _, _) =>
        {
            Replace(twin);
            twin.Optimizer = twin.Model.Optimizer(twin.Net.Parameters());
        }),
        ("a weight is frozen", (twin, _, _) => First(twin).RequiresGrad = false),
        ("a weight thaws", (twin, _, _) => First(twin).RequiresGrad = true),
        ("gradients are let go", (twin, _, _) => twin.Optimizer.ZeroGrad()),
        ("gradients are zeroed", (twin, _, _) => twin.Optimizer.ZeroGrad(setToNone: false)),
        ("a gradient is let go", (twin, _, _) => First(twin).Grad = null),
        ("a gradient is given", (twin, _, _) => First(twin).Grad = Tensor.Full(First(twin).Shape, 0.25, First(twin).DType)),
        ("a gradient is changed", (twin, _, _) => First(twin).Grad?.MulInPlace(2)),
        ("a gradient is kept", (twin, _, _) =>
        {
            if (First(twin).Grad is { } g) twin.Kept.Add(g);
        }),
        ("a weight is changed", (twin, _, _) =>
        {
            using (Autograd.NoGrad()) First(twin).MulInPlace(0.9);
        }),
        ("a variable", (twin, _, _) => twin.Scale = twin.Scale == 1 ? 0.5 : 1),
        ("a variable of two zeros", (twin, _, _) => twin.Scale = twin.Scale == 0 ? -0.0 : 0.0),
        ("loaded", (twin, _, _) => twin.Net.LoadStateDict(twin.Net.StateDict().ToDictionary(s => s.Key, s => s.Value.Clone()))),
        ("loaded state", (twin, _, _) => twin.Optimizer.LoadStateDict(twin.Optimizer.StateDict())),
        ("state is asked for", (twin, _, _) => twin.Optimizer.StateDict()),
        ("the step as it is", (twin, x, t) => twin.AsItIs(x, t)),
        ("no recording", (twin, x, _) =>
        {
            using (Autograd.NoGrad()) twin.Forward(x);
        }),
        ("a hook for a step", (twin, x, t) =>
        {
            using (twin.Net.Children().First().RegisterForwardHook((_, _, y) => y * 1.5)) twin.Call(x, t);
        }),
        ("a hook on a weight for a step", (twin, x, t) =>
        {
            if (!First(twin).RequiresGrad) return;
            using (First(twin).RegisterHook(g => g * 0.5)) twin.Call(x, t);
        }),
        ("another thread", (twin, x, t) => Task.Run(() => twin.Call(x, t)).Wait()),
        ("with anomalies", (twin, x, t) =>
        {
            using (Autograd.DetectAnomaly()) twin.Call(x, t);
        }),
        ("another parameter group", (twin, _, _) =>
        {
            if (twin.Optimizer is LBFGS || twin.Optimizer.ParamGroups.Count > 1) return;
            twin.Optimizer.AddParamGroup(new ParamGroup([Tensor.Ones(3, 3).RequiresGradInPlace()]));
        }),
        ("many calls", (twin, x, t) =>
        {
            for (int i = 0; i < 20; i++) twin.Call(x, t);
        }),
        ("in a scope", (twin, x, t) =>
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            twin.Call(x, t);
        }),
    ];

    // Of a layer that has a setter for it: the optimizer goes on with the old one.
    private static void Replace(Twin twin)
    {
        if (twin.Net.Children().FirstOrDefault() is Adjoint.Nn.Linear layer && !Parametrize.IsParametrized(layer))
            layer.Weight = (layer.Weight.Detach() * 0.5).AsParameter();
    }

    private static Tensor First(Twin twin) => twin.Net.Parameters().First();
}
