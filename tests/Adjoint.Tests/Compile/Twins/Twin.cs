using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile.Twins;

/// <summary>A model that is trained, of which two are made alike: one is trained as it is, the other by a compiled step.</summary>
internal sealed class Twin
{
    private readonly Func<Tensor, Tensor, Tensor> _step;

    internal Twin(TwinModel model, bool isCompiled)
    {
        Model = model;
        Rng.ManualSeed(3);
        Drawn = new Generator(5);
        (Net, Forward) = model.Make(Drawn);
        // What is lazy becomes what it is.
        Forward(model.Input(4));
        Optimizer = model.Optimizer(Net.Parameters());
        Func<Tensor, Tensor, Tensor> step = model.Step is { } own ? own(this) : (x, t) =>
        {
            Optimizer.ZeroGrad();
            Tensor loss = Loss(x, t);
            loss.Backward();
            Optimizer.Step();
            return loss;
        };
        AsItIs = step;
        if (isCompiled)
        {
            Compiled<Func<Tensor, Tensor, Tensor>> compiled = Compiled.Step(step);
            (_step, Explain) = (compiled.Call, compiled.Explain);
        }
        else
        {
            _step = step;
        }
    }

    internal TwinModel Model { get; }

    internal Module Net { get; }

    internal Optimizer Optimizer { get; set; }

    internal Func<Tensor, Tensor> Forward { get; }

    internal Generator Drawn { get; }

    internal Func<Tensor, Tensor, Tensor> AsItIs { get; }

    internal Func<string> Explain { get; } = () => "";

    /// <summary>A variable that the step reads.</summary>
    internal double Scale { get; set; } = 1;

    /// <summary>What results and gradients somebody holds.</summary>
    internal List<Tensor> Kept { get; } = [];

    internal Tensor Loss(Tensor x, Tensor t) => F.CrossEntropy(Forward(x), t) * Scale;

    internal Tensor Call(Tensor x, Tensor t) => _step(x, t);

    internal string State() => string.Join("\n", [
        .. Net.StateDict().Select(s => $"{s.Key} {Text(s.Value)}"),
        .. Net.NamedParameters().Select(p => $"{p.Name} grad {(p.Parameter.Grad is { } g ? Text(g) : "none")}"),
        .. Optimizer.StateDict().State.SelectMany(s => s.Value.Select(v => $"{s.Key} {v.Key} {Remembered(v.Value)}")),
        $"own generator {Convert.ToHexString(Drawn.GetState())}"]);

    internal static string Text(Tensor x) => $"{x.DType} {x.Shape} " + string.Join(" ", GraphRunTests.Bits(x.Detach()));

    private static string Remembered(object? value) => value switch
    {
        Tensor t => Text(t),
        System.Collections.IEnumerable all and not string => $"[{string.Join(", ", all.Cast<object?>().Select(Remembered))}]",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}

/// <summary>How a model and what trains it are made.</summary>
internal sealed record TwinModel(
    string Name, Func<Generator, (Module Net, Func<Tensor, Tensor> Forward)> Make, Func<int, Tensor> Input,
    Func<IEnumerable<Tensor>, Optimizer> Optimizer)
{
    internal Func<Twin, Func<Tensor, Tensor, Tensor>>? Step { get; init; }

    public override string ToString() => Name;
}
