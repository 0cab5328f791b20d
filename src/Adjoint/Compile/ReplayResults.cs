namespace Adjoint;

/// <summary>How the results of a run become the caller's: what the function returned of others is returned itself.</summary>
internal sealed class ReplayResults
{
    private readonly int[] _arguments;
    private readonly Tensor?[] _held;
    private readonly bool[] _isAlias;

    internal ReplayResults(ReplayCapture capture, Tensor[] arguments)
    {
        GraphTrace trace = capture.First;
        int count = trace.Results.Count;
        (_arguments, _held, _isAlias) = (new int[count], new Tensor?[count], new bool[count]);
        for (int i = 0; i < count; i++)
        {
            _arguments[i] = capture.ArgumentOf(i, arguments);
            _held[i] = capture.HeldResult(i);
            GraphTensor y = trace.Graph.Outputs[i];
            // Another tensor of memory that also others see.
            _isAlias[i] = y.Value.Memory.Role != GraphRole.Result;
            for (int j = 0; j < i; j++)
                _isAlias[i] |= ReferenceEquals(trace.Graph.Outputs[j], y) && !ReferenceEquals(trace.Results[i], trace.Results[j]);
            for (int j = 0; j < trace.Left.Count; j++)
                _isAlias[i] |= ReferenceEquals(trace.Graph.Gradients[j].Value, y) && !ReferenceEquals(trace.Results[i], trace.Left[j]);
        }
    }

    /// <summary>Whether it is a tensor of the run's, which nobody else sees.</summary>
    internal bool IsOwn(int number) => _held[number] is null && _arguments[number] < 0 && !_isAlias[number];

    /// <summary>The result for the caller.</summary>
    internal Tensor Of(int number, Tensor computed, ReadOnlySpan<Tensor?> arguments)
    {
        if (_held[number] is { } held) return held;
        if (_arguments[number] >= 0) return arguments[_arguments[number]]!;
        if (computed.IsNumber) return Elements.Copy(computed);
        return _isAlias[number] ? computed.Alias(computed.Shape, computed.IsContiguous ? null : computed.Strides.ToArray(), computed.Offset)
            : computed;
    }
}
