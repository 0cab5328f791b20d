namespace Adjoint.Nn;

public abstract partial class Module
{
    /// <summary>What this module itself holds, by name: tensors with a role and modules. Containers say it themselves.</summary>
    private protected virtual IEnumerable<(string Name, object Value)> Held => Members.Of(this);

    /// <summary>The parameters of this module and all below it, each once.</summary>
    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(p => p.Parameter);

    /// <summary>The parameters with their dotted names: those of the module first, then those of its children, depth first. A shared one has its first name.</summary>
    public IEnumerable<(string Name, Tensor Parameter)> NamedParameters() => NamedTensors(distinct: true, TensorRole.Parameter);

    /// <summary>The buffers of this module and all below it, each once.</summary>
    public IEnumerable<Tensor> Buffers() => NamedBuffers().Select(b => b.Buffer);

    /// <summary>The buffers with their dotted names.</summary>
    public IEnumerable<(string Name, Tensor Buffer)> NamedBuffers() => NamedTensors(distinct: true, TensorRole.Buffer, TensorRole.TransientBuffer);

    /// <summary>The modules that this one holds itself.</summary>
    public IEnumerable<Module> Children() => NamedChildren().Select(child => child.Module);

    /// <summary>The modules that this one holds itself, with their names; each once.</summary>
    public IEnumerable<(string Name, Module Module)> NamedChildren()
    {
        var seen = new HashSet<Module>(ReferenceEqualityComparer.Instance);
        foreach ((string name, object value) in Held)
            if (value is Module child && seen.Add(child)) yield return (name, child);
    }

    /// <summary>This module and all below it, depth first, each once.</summary>
    public IEnumerable<Module> Modules() => NamedModules().Select(m => m.Module);

    /// <summary>This module (named "") and all below it with their dotted names, depth first, each once.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules() => Walk(distinct: true);

    /// <summary>The parameters and saved buffers by their dotted names, for saving. They share memory with the module and have no history; a shared one is there under each of its names.</summary>
    public OrderedDictionary<string, Tensor> StateDict()
    {
        var state = new OrderedDictionary<string, Tensor>();
        foreach ((string name, Tensor tensor) in NamedTensors(distinct: false, TensorRole.Parameter, TensorRole.Buffer)) state[name] = tensor.Detach();
        return state;
    }

    private List<(string Name, Module Module)> Walk(bool distinct)
    {
        var found = new List<(string, Module)>();
        Visit("", this, distinct ? new(ReferenceEqualityComparer.Instance) : null, found);
        return found;

        static void Visit(string name, Module module, HashSet<Module>? seen, List<(string, Module)> found)
        {
            if (seen is not null && !seen.Add(module)) return;
            found.Add((name, module));
            foreach ((string child, object value) in module.Held)
                if (value is Module below) Visit(Join(name, child), below, seen, found);
        }
    }

    /// <summary>Per module its parameters come before its buffers, as in PyTorch.</summary>
    private IEnumerable<(string, Tensor)> NamedTensors(bool distinct, params TensorRole[] roles)
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach ((string prefix, Module module) in Walk(distinct))
        {
            IEnumerable<(string, Tensor)> own =
                from held in module.Held
                where held.Value is Tensor tensor && roles.Contains(tensor.Role)
                orderby ((Tensor)held.Value).Role != TensorRole.Parameter
                select (Join(prefix, held.Name), (Tensor)held.Value);
            foreach ((string name, Tensor tensor) in own)
                if (!distinct || seen.Add(tensor)) yield return (name, tensor);
        }
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : prefix + "." + name;
}
