namespace Adjoint.Nn;

/// <summary>A row of a <see cref="ModuleSummary"/>: one call of a module, or a container whose modules are called.</summary>
public sealed class LayerSummary
{
    private readonly LayerParameters _parameters;

    internal LayerSummary(Module module, string name, int depth, LayerParameters parameters, bool isRepeated)
    {
        (Module, Name, Depth, IsRepeated) = (module, name, depth, isRepeated);
        _parameters = parameters;
    }

    /// <summary>The module.</summary>
    public Module Module { get; }

    /// <summary>Its dotted name; "" for the whole.</summary>
    public string Name { get; }

    /// <summary>How many modules it lies in.</summary>
    public int Depth { get; }

    /// <summary>Its number among the rows of its depth, from 1; 0 for the whole.</summary>
    public int Index { get; internal set; }

    /// <summary>Whether it was called before, so that its parameters were counted.</summary>
    public bool IsRepeated { get; }

    /// <summary>The shape of its first output; null where it was not called itself.</summary>
    public Shape? Output { get; internal set; }

    /// <summary>How many numbers its parameters have, with those of the modules below. What is pruned does not count.</summary>
    public long Parameters => _parameters.Count;

    /// <summary>How many of them are trained.</summary>
    public long TrainableParameters => _parameters.Trainable;

    /// <summary>Multiplications with an addition in the call, as torchinfo counts them: from the sizes of parameters and output.</summary>
    public long MultAdds { get; internal set; }

    internal bool IsLeaf => _parameters.IsLeaf;

    internal long ParameterBytes => _parameters.Bytes;

    internal long OutputBytes { get; set; }

    /// <summary>Parameters of its own, beside those of rows below.</summary>
    internal long Left { get; set; }

    internal long LeftTrainable { get; set; }

    /// <summary>The type, with depth and index.</summary>
    internal string Title
    {
        get
        {
            string type = TypeText.Of(Module.GetType());
            return Depth == 0 ? type : $"{type}: {Depth}-{Index}";
        }
    }

    internal long CountMultAdds(Shape output)
    {
        bool isConvolution = TypeText.Of(Module.GetType()).Contains("Conv", StringComparison.Ordinal);
        long count = 0, first = output.NDim > 0 ? output[0] : 1;
        foreach ((string name, long numbers) in _parameters.Named)
        {
            if (name is "weight" or "bias")
                // Each output of a channel takes the weights of that channel.
                count += numbers * (isConvolution ? output.NumEl / Math.Max(1, output.NDim > 1 ? output[1] : 1) : first);
            else if (name.Contains("weight", StringComparison.Ordinal) || name.Contains("bias", StringComparison.Ordinal))
                count += numbers * first * (output.NDim > 1 ? output[1] : 1);
        }
        return count;
    }
}
