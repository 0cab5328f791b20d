namespace Adjoint.Optim;

/// <summary>The options of <see cref="LBFGS"/>.</summary>
/// <param name="Lr">The length of a step along its direction, where no line is searched; at least 0.</param>
/// <param name="MaxIter">How many directions a step goes along at most; at least 1.</param>
/// <param name="MaxEval">How many times a step computes the loss at most; at least 0, where 0 is 5/4 of <paramref name="MaxIter"/>.</param>
/// <param name="ToleranceGrad">No number of the gradient is larger where a step ends; at least 0.</param>
/// <param name="ToleranceChange">Neither parameters nor loss change by more where a step ends; at least 0.</param>
/// <param name="HistorySize">How many changes of the gradient are remembered; at least 1.</param>
/// <param name="StrongWolfe">Whether along each direction a length is searched that meets the strong Wolfe conditions.</param>
public sealed record LBFGSOptions(
    double Lr = 1, int MaxIter = 20, int MaxEval = 0, double ToleranceGrad = 1e-7, double ToleranceChange = 1e-9, int HistorySize = 100,
    bool StrongWolfe = false);
