using System.Diagnostics;

namespace Adjoint.Nn;

[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(ModuleDebugView))]
public abstract partial class Module
{
    private const int ShownInDebugger = 100;

    /// <summary>
    /// What a debugger writes of a module. It calls nothing of the program's and changes nothing; see Note [Seen in a debugger].
    /// </summary>
    internal string DebuggerText
    {
        get
        {
            (string, object)[] held = HeldNow();
            int tensors = held.Count(h => h.Item2 is Tensor), modules = held.Length - tensors;
            return $"{TypeText.Of(GetType())} ({tensors} tensors, {modules} modules{(Training ? "" : ", eval")})";
        }
    }

    /// <summary>What lies in this module, without noting anything of it; at most a hundred.</summary>
    internal (string Name, object Value)[] HeldNow()
    {
        try
        {
            return [.. Held.Concat(Registered)
                .Where(slot => slot.Value is Module or Tensor { Role: not TensorRole.None }).Take(ShownInDebugger)
                .Select(slot => (slot.Name, slot.Value))];
        }
        catch (SlotException refused)
        {
            return [("refused", refused.Message)];
        }
    }
}

/// <summary>What a debugger shows of a module that is opened.</summary>
internal sealed class ModuleDebugView(Module module)
{
    public bool Training => module.Training;

    /// <summary>Parameters, buffers and modules by name.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public KeyValuePair<string, object>[] Held => [.. module.HeldNow().Select(held => KeyValuePair.Create(held.Name, held.Value))];
}
