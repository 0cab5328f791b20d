using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>Parameters as one vector, and the loss along a line in it; recording is off.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="closure">Computes the loss and the gradients.</param>
internal sealed class LossLine(Tensor[] parameters, Func<Tensor> closure)
{
    private Tensor[] _start = [];

    /// <summary>How often the loss was computed.</summary>
    internal int Evaluations { get; private set; }

    /// <summary>The loss at the present parameters, whose gradients are there afterwards.</summary>
    /// <exception cref="InvalidOperationException">The closure gave none.</exception>
    internal Tensor Compute()
    {
        Evaluations++;
        Tensor? loss;
        using (Autograd.EnableGrad()) loss = closure();
        if (loss is null) throw new InvalidOperationException("LBFGS.Step: the closure must return the loss, but returned null.");
        if (loss.NumEl == 1) return loss;
        throw new ShapeException($"LBFGS.Step: the closure must return a loss of one element, but this one has shape {loss.Shape}.");
    }

    /// <summary>The gradients as one vector; zeros where there is none.</summary>
    internal Tensor Gradient() => Tensor.Cat(
        [.. parameters.Select(p => (p.GradOrNull?.Detach() ?? Tensor.Zeros(p.Shape, p.DType)).Reshape(p.NumEl))], 0).Clone();

    /// <summary>Begins a line at the present parameters.</summary>
    internal void Begin() => _start = Array.ConvertAll(parameters, p => p.Detach().Clone());

    /// <summary>Goes back to where the line begins.</summary>
    internal void Return()
    {
        for (int i = 0; i < parameters.Length; i++) parameters[i].CopyInPlace(_start[i]);
    }

    /// <summary>Goes from the present parameters along a direction.</summary>
    internal void Move(double length, Tensor direction)
    {
        int at = 0;
        foreach (Tensor p in parameters)
        {
            p.AddInPlace(direction.Narrow(0, at, p.NumEl).Reshape(p.Shape), length);
            at += p.NumEl;
        }
    }

    /// <summary>Loss and gradient at a place of the line.</summary>
    internal (double Loss, Tensor Gradient) At(double length, Tensor direction)
    {
        Move(length, direction);
        double loss = Compute().Item();
        Tensor gradient = Gradient();
        Return();
        return (loss, gradient);
    }
}
