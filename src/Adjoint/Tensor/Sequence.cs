using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Evenly spaced numbers, written to a tensor as they are computed.</summary>
internal static class Sequence
{
    // Doubles below this are whole numbers that a long holds.
    private const double LongLimit = 9.2e18;

    /// <summary>start, start + step, … before end.</summary>
    internal static Tensor Steps(double start, double end, double step, DType dtype)
    {
        double count = Math.Ceiling((end - start) / step);
        if (!double.IsFinite(start) || !double.IsFinite(end) || double.IsNaN(step))
            throw new ArgumentOutOfRangeException(
                nameof(end), end, $"Arange: steps of {step} from {start} to {end} do not come to an end; all three must be finite.");
        if (step == 0 || count < 0)
            throw new ArgumentOutOfRangeException(nameof(step), step, $"Arange: steps of {step} never lead from {start} to {end}.");
        if (!(count <= int.MaxValue))
            throw new ShapeException(
                $"Arange: from {start} to {end} in steps of {step} are {count:N0} numbers; a tensor holds at most {int.MaxValue:N0}.");
        bool whole = double.IsInteger(start) && double.IsInteger(end) && double.IsInteger(step);
        // A double is no number for what lies between whole numbers above 2⁵³.
        bool exact = whole && !dtype.IsFloatingPoint && Math.Abs(start) < LongLimit && Math.Abs(end) < LongLimit
            && Math.Abs(step) < LongLimit;
        return Door.Run(new FilledOp<SequenceFill>("arange", [(int)count], dtype, new(start, step, end, (int)count, exact)));
    }

    /// <summary>So many numbers from start to end, both included; counted from the end in the second half, so that both are met.</summary>
    internal static Tensor Between(double start, double end, int count, DType dtype)
    {
        if (count < 0)
            throw new ArgumentOutOfRangeException("steps", count, $"Linspace: the number of steps must not be negative, but is {count}.");
        double step = count > 1 ? (end - start) / (count - 1) : 0;
        int half = count == 1 ? 1 : count / 2;
        return Door.Run(new FilledOp<SequenceFill>("linspace", [count], dtype, new(start, step, end, half, exact: false)));
    }
}

/// <summary>start, start + step, …; from <paramref name="half"/> on counted back from the end.</summary>
internal readonly struct SequenceFill(double start, double step, double end, int half, bool exact) : IFill
{
    public void Describe(OpAttributes to)
    {
        to.Add("start", start);
        to.Add("end", end);
        to.Add("step", step);
        to.Add("half", half);
        to.Add("exact", exact);
    }

    public void Fill(Tensor x)
    {
        var work = new Work(x, exact, start, step, end, half);
        Dispatch.Elements(x.DType, ref work);
    }

    private readonly struct Work(Tensor x, bool exact, double start, double step, double end, int half) : IElementWork
    {
        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Progression.Fill(memory.Of<T>(x), start, step, end, half);
        }

        public void Whole<T>() where T : unmanaged, IBinaryInteger<T>
        {
            using var memory = new Loan();
            if (x.DType.IsBool) Progression.FillTruth(memory.Of<T>(x), start, step, end, half);
            else if (exact) Progression.FillExact(memory.Of<T>(x), (long)start, (long)step);
            else Progression.FillWhole(memory.Of<T>(x), start, step, end, half);
        }
    }
}
