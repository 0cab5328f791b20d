namespace Adjoint.Optim;

/// <summary>The step of one parameter as an optimizer writes it by hand.</summary>
/// <param name="hand">Writes.</param>
/// <param name="optimizer">Whose step it is.</param>
/// <param name="group">The group of the parameter.</param>
/// <param name="parameter">The parameter.</param>
internal sealed class HandStep(Hand hand, Optimizer optimizer, ParamGroup group, Tensor parameter)
{
    internal Hand Hand => hand;

    /// <summary>The options.</summary>
    internal ParamGroup Group => group;

    /// <summary>The parameter.</summary>
    internal HandTensor P => hand.Input(0);

    /// <summary>Its gradient.</summary>
    internal HandTensor G => hand.Input(1);

    /// <summary>The type of its elements in C#.</summary>
    internal string Word => P.Word;

    /// <summary>What is remembered under a name, shaped as the parameter; it begins as zeros.</summary>
    internal HandTensor Remembered(string name)
    {
        string full = $"{P.Memory.Name}.{name}";
        GraphMemory memory = hand.Operation.Changes.First(value => value.Memory.Name == full).Memory;
        foreach ((_, string known, Tensor tensor) in optimizer.TensorsOf(parameter))
        {
            bool isOwn = known == name && memory.Tensor is { } own && ReferenceEquals(own.SharedMemory(), tensor.SharedMemory());
            if (isOwn) hand.Remember(memory);
        }
        return HandTensor.Whole(memory, P.Shape);
    }

    /// <summary>The learning rate as a field, which may be set between runs.</summary>
    /// <param name="word">Its type.</param>
    internal string Rate(string word) => hand.Fields.Of(group, "lr " + word, () =>
    {
        string name = hand.Names.Free("lr");
        string value = CodeWriter.Number(word == "float" ? (float)group.Lr : group.Lr, word);
        return (name, $"public static {word} {name} = {value};   // the learning rate");
    });

    /// <summary>The count of this parameter's steps as a field; it is counted up before it is read.</summary>
    internal string Count()
    {
        string name = hand.Fields.Of(parameter, "step", () =>
        {
            string name = hand.Names.Free(HandNames.Identifier(P.Memory.Name) + "_step");
            return (name, $"public static int {name} = {optimizer.StepsOf(parameter)};   // steps that were taken");
        });
        hand.Line($"{name}++;");
        return name;
    }

    /// <summary>A number of this step, computed in double and rounded to the parameter's type.</summary>
    internal void Number(string name, string value) =>
        hand.Line(Word == "double" ? $"double {name} = {value};" : $"{Word} {name} = ({Word})({value});");

    /// <summary>The gradient with weight decay, as <see cref="Optimizer.Decayed"/> has it.</summary>
    internal static V Decayed<V>(V p, V g, double decay, bool maximize) where V : IAlgebra<V>
    {
        if (maximize) g = -g;
        return decay == 0 ? g : g + decay * p;
    }

    /// <summary>A number of double precision as C# writes it.</summary>
    internal static string Text(double value) => CodeWriter.Number(value, "double");

    /// <summary>Writes a formula over all elements of the parameter.</summary>
    internal void Each<TText>(HandTensor?[] results, HandTensor?[] operands, TText text) where TText : struct, HandFormula.IText =>
        HandFormula.Write(hand, P.DType, results, operands, text);
}
