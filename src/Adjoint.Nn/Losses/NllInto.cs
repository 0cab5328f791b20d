using System.Numerics;

namespace Adjoint.Nn;

/// <summary>The negative log likelihood and its gradient to memory that is there, for classes without weights.</summary>
internal static class NllInto
{
    /// <summary>Whether a call has one number for all places, and classes that lie as they are read.</summary>
    internal static bool Fits(GraphOperation call, Reduction reduction) =>
        reduction is Reduction.Mean or Reduction.Sum && call.Saved.Count == 0 && call.Changes.Count == 0
        && call.Inputs is [{ DType: var dtype, Shape.NumEl: > 0 }, { IsContiguous: true } target] && target.DType == DTypes.Of<long>()
        && call.Results is [{ IsWhole: true, Value.Version: 0 } y] && y.DType == dtype && y.Shape.NumEl > 0;

    internal readonly struct Sum(ClassTargets targets, Tensor x, Tensor target, Tensor y, bool isMean) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            (double sum, double count) = targets.PickSum<T>(memory.Of<T>(x), memory.Of<long>(target));
            y.SetFirst(T.CreateTruncating(isMean ? sum / count : sum));
        }
    }

    internal readonly struct Scatter(ClassTargets targets, Tensor g, Tensor target, Tensor dx, bool isMean) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            targets.Spread(double.CreateTruncating(g.First<T>()), isMean, memory.Of<long>(target), memory.Of<T>(dx));
        }
    }
}
