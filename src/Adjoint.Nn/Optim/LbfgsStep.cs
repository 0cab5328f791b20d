namespace Adjoint.Optim;

/// <summary>One step of <see cref="LBFGS"/>: several directions, each with a move along it.</summary>
internal sealed class LbfgsStep(LossLine line, LbfgsMemory memory, LBFGSOptions options)
{
    // Below it a change of the gradient says nothing of the curvature.
    private const double LeastCurvature = 1e-10;

    /// <summary>Moves the parameters, from where the loss and its gradient were computed.</summary>
    internal void Run(double loss)
    {
        int before = line.Evaluations - 1, most = options.MaxEval > 0 ? options.MaxEval : options.MaxIter * 5 / 4;
        Tensor gradient = line.Gradient();
        bool isFlat = Largest(gradient) <= options.ToleranceGrad;
        for (int iteration = 1; !isFlat && iteration <= options.MaxIter; iteration++)
        {
            memory.Iterations++;
            Tensor direction = memory.Direction = Direction(gradient);
            (memory.PreviousGradient, memory.PreviousLoss) = (gradient, loss);
            double length = memory.Iterations == 1 ? Math.Min(1, 1 / gradient.Abs().Sum().Item()) * options.Lr : options.Lr;
            double slope = gradient.Dot(direction).Item();
            memory.Length = length;
            if (slope > -options.ToleranceChange) break;
            if (options.StrongWolfe)
            {
                line.Begin();
                (loss, gradient, length) = new StrongWolfeSearch(line, direction, loss, gradient, slope).Find(length);
                memory.Length = length;
                line.Move(length, direction);
                isFlat = Largest(gradient) <= options.ToleranceGrad;
            }
            else
            {
                line.Move(length, direction);
                // The loss after the last move is computed by the next step.
                if (iteration == options.MaxIter) break;
                loss = line.Compute().Item();
                gradient = line.Gradient();
                isFlat = Largest(gradient) <= options.ToleranceGrad;
            }
            if (iteration == options.MaxIter || line.Evaluations - before >= most
                || Largest(direction) * length <= options.ToleranceChange
                || Math.Abs(loss - memory.PreviousLoss) < options.ToleranceChange)
                break;
        }
        memory.Evaluations += line.Evaluations - before;
    }

    // Against the gradient, times the estimate of the inverse Hessian: two loops over the changes, the newest first and then the oldest.
    private Tensor Direction(Tensor gradient)
    {
        if (memory.Iterations == 1)
        {
            memory.Diagonal = 1;
            return -gradient;
        }
        Tensor ofGradient = gradient - memory.PreviousGradient, ofParameters = memory.Direction * memory.Length;
        double curvature = ofGradient.Dot(ofParameters).Item();
        if (curvature > LeastCurvature)
        {
            memory.Add(ofGradient, ofParameters, 1 / curvature, options.HistorySize);
            memory.Diagonal = curvature / ofGradient.Dot(ofGradient).Item();
        }
        Tensor q = -gradient;
        double[] shares = new double[memory.Count];
        for (int i = shares.Length - 1; i >= 0; i--)
        {
            (Tensor y, Tensor s, double inverse) = memory[i];
            shares[i] = s.Dot(q).Item() * inverse;
            q.AddInPlace(y, -shares[i]);
        }
        Tensor direction = q.MulInPlace(memory.Diagonal);
        for (int i = 0; i < shares.Length; i++)
        {
            (Tensor y, Tensor s, double inverse) = memory[i];
            direction.AddInPlace(s, shares[i] - y.Dot(direction).Item() * inverse);
        }
        return direction;
    }

    private static double Largest(Tensor x) => x.NumEl == 0 ? 0 : x.Abs().Max().Item();
}
