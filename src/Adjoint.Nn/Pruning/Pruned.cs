namespace Adjoint.Nn;

/// <summary>A parameter of a module that is pruned: where its parts lie, and how they come together.</summary>
internal static class Pruned
{
    private const string Origin = "_orig", Mask = "_mask";

    // The same object for all modules, which finds it again, also in copies.
    private static readonly Func<Module, Tensor[], Tensor[]?> s_hook = (module, _) =>
    {
        foreach (string name in NamesIn(module)) module.SetComputed(name, Product(module, name));
        return null;
    };

    internal static bool IsPruned(Module module) => NamesIn(module).Any();

    private static IEnumerable<string> NamesIn(Module module) =>
        module.ComputedNames.Where(name => module.RegisteredTensor(name + Mask) is not null);

    /// <summary>Prunes a parameter, more where it is pruned.</summary>
    internal static void Apply(Module module, string name, Tensor? scores, Func<Tensor, Tensor, Tensor> prune)
    {
        using GradScope _ = Autograd.NoGrad();
        (Tensor parameter, Tensor? before) = Find(module, name);
        Tensor measured = scores?.Detach() ?? (before is null ? parameter.Detach() : parameter.Detach() * before);
        if (!measured.Shape.Equals(parameter.Shape))
            throw new ShapeException($"Prune: importanceScores have shape {measured.Shape}, but {name} {parameter.Shape}.");
        Tensor mask = prune(measured, before ?? Tensor.Ones(parameter.Shape, parameter.DType)).Detach();
        Set(module, name, parameter, before, mask);
    }

    /// <summary>Prunes several parameters as one vector.</summary>
    internal static void ApplyGlobal((Module Module, string Name)[] parameters, Func<Tensor, Tensor, Tensor> prune)
    {
        if (parameters.Length == 0) throw new ArgumentException("Prune.GlobalUnstructured: there are no parameters.", nameof(parameters));
        using GradScope _ = Autograd.NoGrad();
        (Tensor Parameter, Tensor? Mask)[] found = Array.ConvertAll(parameters, p => Find(p.Module.Given(nameof(parameters)), p.Name));
        Tensor[] masks = [.. found.Select(f => f.Mask ?? Tensor.Ones(f.Parameter.Shape, f.Parameter.DType))];
        Tensor all = Tensor.Cat([.. found.Select((f, i) => (f.Parameter.Detach() * masks[i]).Reshape(-1))]);
        Tensor mask = prune(all, Tensor.Cat([.. masks.Select(m => m.Reshape(-1))]));
        int start = 0;
        for (int i = 0; i < found.Length; i++)
        {
            Tensor parameter = found[i].Parameter;
            Tensor own = mask.Slice(0, start, start + parameter.NumEl).Reshape(parameter.Shape).To(parameter.DType).Clone();
            Set(parameters[i].Module, parameters[i].Name, parameter, found[i].Mask, own);
            start += parameter.NumEl;
        }
    }

    /// <summary>Makes it the parameter again, with zeros where it was pruned.</summary>
    internal static void Remove(Module module, string name)
    {
        if (!NamesIn(module).Contains(name))
            throw new ArgumentException($"Prune.Remove: {TypeText.Of(module.GetType())} has no pruned parameter \"{name}\".", nameof(name));
        Tensor parameter = module.RegisteredTensor(name + Origin)!;
        using (Autograd.NoGrad()) parameter.MulInPlace(module.RegisteredTensor(name + Mask)!);
        module.EndCompute(name, parameter, name + Origin, name + Mask);
        if (!IsPruned(module)) module.RemovePreHook(s_hook);
    }

    private static (Tensor Parameter, Tensor? Mask) Find(Module module, string name)
    {
        if (NamesIn(module).Contains(name)) return (module.RegisteredTensor(name + Origin)!, module.RegisteredTensor(name + Mask));
        return (module.NamedParameters(recurse: false).FirstOrDefault(p => p.Name == name).Parameter
            ?? throw new KeyNotFoundException(
                $"Prune: {TypeText.Of(module.GetType())} holds no parameter \"{name}\" itself; it has "
                + $"{string.Join(", ", module.NamedParameters(recurse: false).Select(p => p.Name).DefaultIfEmpty("none"))}."), null);
    }

    private static void Set(Module module, string name, Tensor parameter, Tensor? before, Tensor mask)
    {
        if (before is not null)
        {
            before.CopyInPlace(mask);
        }
        else
        {
            module.Compute(name, name + Origin, parameter, parameter.Detach());
            module.RegisterBuffer(name + Mask, mask);
            if (!module.HasPreHook(s_hook)) module.RegisterForwardPreHook(s_hook);
        }
        using (Autograd.EnableGrad()) module.SetComputed(name, Product(module, name));
    }

    private static Tensor Product(Module module, string name)
    {
        Tensor product = module.RegisteredTensor(name + Mask)! * module.RegisteredTensor(name + Origin)!;
        product.KeepBeyondScopes();
        return product;
    }
}
