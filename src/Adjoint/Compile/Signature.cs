namespace Adjoint;

/// <summary>What of its arguments and modes a capture holds for.</summary>
internal sealed class Signature
{
    private readonly (Shape Shape, DType DType, int[]? Strides, bool RequiresGrad, bool IsInference)[] _arguments;
    private readonly GradMode.Switch _modes;

    internal Signature(Here here, Tensor[] arguments)
    {
        _modes = here.On & (GradMode.Switch.NoGrad | GradMode.Switch.Inference);
        _arguments = Array.ConvertAll(
            arguments, x => (x.Shape, x.DType, x.IsContiguous ? null : x.Strides.ToArray(), x.RequiresGrad, x.IsInference));
    }

    /// <summary>The modes that matter.</summary>
    internal GradMode.Switch Modes => _modes;

    /// <summary>Whether a call has it.</summary>
    internal bool Fits(Here here, ReadOnlySpan<Tensor> arguments) =>
        (here.On & (GradMode.Switch.NoGrad | GradMode.Switch.Inference)) == _modes && FitsArguments(arguments);

    /// <summary>Whether the arguments of a call are such.</summary>
    internal bool FitsArguments(ReadOnlySpan<Tensor> arguments)
    {
        if (arguments.Length != _arguments.Length) return false;
        for (int i = 0; i < arguments.Length; i++)
        {
            Tensor x = arguments[i];
            ref var known = ref _arguments[i];
            if (!ReferenceEquals(x.Shape, known.Shape) && !x.Shape.Equals(known.Shape)) return false;
            if (x.DType != known.DType || x.RequiresGrad != known.RequiresGrad) return false;
            if (x.IsInference != known.IsInference) return false;
            // What has a history, hooks, or a base of which it is a view goes through the function itself.
            if (known.RequiresGrad && (!x.IsLeaf || x.HasHooks || x.Base is not null)) return false;
            if (x.IsContiguous ? known.Strides is not null : known.Strides is null || !x.Strides.SequenceEqual(known.Strides))
                return false;
        }
        return true;
    }

    /// <summary>Shapes and dtypes as text.</summary>
    public override string ToString()
    {
        string arguments = string.Join(", ", _arguments.Select(x =>
            $"{x.DType}{x.Shape}{(x.Strides is null ? "" : $" with strides {Shape.Text(x.Strides)}")}"
            + (x.RequiresGrad ? " requiring grad" : "")));
        string modes = (_modes & GradMode.Switch.Inference) != 0 ? " in inference mode" : _modes != 0 ? " without recording" : "";
        return $"({arguments}){modes}";
    }
}
