// DeepSigma.Mathematics.AutoDiff (github.com/DeepSigma-LLC/Dotnet.DeepSigma.Mathematics.AutoDiff): the jobs of ../../jobs.hpp in the
// fastest of the ways that were tried: one tape, kept and reset (its pool and its delegates take 1.2 to 3.7 times as long), the
// handles of the variables kept as well, and for the Jacobian a short tape for each row, though only functions whose results can be
// had one by one allow that (the library's own calls take 4.8 times as long).
using System.Runtime.CompilerServices;
using DeepSigma.Mathematics.AutoDiff.Forward;
using DeepSigma.Mathematics.AutoDiff.Reverse;
using Peers;

Server.Serve(new()
{
    ["neuron"] = () => new Neuron().Reverse,
    ["neuron-forward"] = () => new Neuron().Forward,
    ["loop"] = () => new Loop().Reverse,
    ["loop-forward"] = () => new Loop().Forward,
    ["rosenbrock"] = () => new Rosenbrock().Gradient,
    ["product"] = () => new Product().Gradient,
    ["jacobian"] = () => new Jacobian().RowByRow,
});

/// <summary>(w·x + b − y)² of (w, b), one step of gradient descent on the next of four examples.</summary>
internal sealed class Neuron
{
    private readonly ComputationTape<double> _tape = new(16);
    private double _w, _b;
    private int _step;

    public double Reverse()
    {
        double x = JobData.Inputs[_step & 3], y = JobData.Targets[_step & 3];
        ComputationTape<double> tape = _tape;
        tape.Reset();
        Var<double> w = tape.Variable(_w), b = tape.Variable(_b);
        Var<double> error = w * x + b - y;
        tape.Backward(error * error);
        return Descend(w.Gradient, b.Gradient);
    }

    public double Forward()
    {
        double x = JobData.Inputs[_step & 3], y = JobData.Targets[_step & 3];
        double gradientW = Loss(DualNumber<double>.Variable(_w), DualNumber<double>.Const(_b), x, y).Dual;
        double gradientB = Loss(DualNumber<double>.Const(_w), DualNumber<double>.Variable(_b), x, y).Dual;
        return Descend(gradientW, gradientB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DualNumber<double> Loss(DualNumber<double> w, DualNumber<double> b, double x, double y)
    {
        DualNumber<double> error = w * x + b - y;
        return error * error;
    }

    private double Descend(double gradientW, double gradientB)
    {
        _w -= 0.01 * gradientW;
        _b -= 0.01 * gradientB;
        _step++;
        return _w;
    }
}

/// <summary>A thousand times v = v·x + b, of (v₀, x, b).</summary>
internal sealed class Loop
{
    private readonly ComputationTape<double> _tape = new(2 * JobData.Size + 3);
    private readonly double[] _at = [0.5, 0.999, 0.001], _gradient = new double[3];

    public double Reverse()
    {
        double[] at = _at, gradient = _gradient;
        ComputationTape<double> tape = _tape;
        tape.Reset();
        Var<double> v0 = tape.Variable(at[0]), x = tape.Variable(at[1]), b = tape.Variable(at[2]), v = v0;
        for (int k = 0; k < JobData.Size; k++) v = v * x + b;
        tape.Backward(v);
        gradient[0] = v0.Gradient;
        gradient[1] = x.Gradient;
        gradient[2] = b.Gradient;
        return gradient[1];
    }

    public double Forward()
    {
        double[] at = _at, gradient = _gradient;
        for (int i = 0; i < 3; i++)
        {
            DualNumber<double> v = new(at[0], i == 0 ? 1 : 0), x = new(at[1], i == 1 ? 1 : 0), b = new(at[2], i == 2 ? 1 : 0);
            for (int k = 0; k < JobData.Size; k++) v = v * x + b;
            gradient[i] = v.Dual;
        }
        return gradient[1];
    }
}

/// <summary>A gradient of a thousand arguments. Their handles are made once: their places are the same after each reset.</summary>
internal abstract class Wide
{
    private readonly ComputationTape<double> _tape;
    private readonly double[] _at = JobData.Start(), _gradient = new double[JobData.Size];
    private readonly Var<double>[] _handles = new Var<double>[JobData.Size];

    protected Wide(int capacity)
    {
        _tape = new(capacity);
        for (int i = 0; i < _at.Length; i++) _handles[i] = _tape.Variable(_at[i]);
    }

    public double Gradient()
    {
        double[] at = _at, gradient = _gradient;
        ComputationTape<double> tape = _tape;
        tape.Reset();
        for (int i = 0; i < at.Length; i++) tape.Variable(at[i]);
        tape.Backward(Invoke(_handles));
        for (int i = 0; i < gradient.Length; i++) gradient[i] = tape.GetGradient(i);
        return gradient[0];
    }

    protected abstract Var<double> Invoke(Var<double>[] x);
}

/// <summary>Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².</summary>
internal sealed class Rosenbrock() : Wide(10 * JobData.Size)
{
    protected override Var<double> Invoke(Var<double>[] x)
    {
        Var<double> sum = Term(x, 0);
        for (int i = 1; i + 1 < x.Length; i++) sum = sum + Term(x, i);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Var<double> Term(Var<double>[] x, int i)
    {
        Var<double> bend = x[i + 1] - x[i] * x[i], gap = 1.0 - x[i];
        return 100.0 * (bend * bend) + gap * gap;
    }
}

/// <summary>Speelpenning's product of all arguments.</summary>
internal sealed class Product() : Wide(2 * JobData.Size)
{
    protected override Var<double> Invoke(Var<double>[] x)
    {
        Var<double> product = x[0];
        for (int i = 1; i < x.Length; i++) product = product * x[i];
        return product;
    }
}

/// <summary>The Jacobian of tanh(A·x).</summary>
internal sealed class Jacobian
{
    private readonly double[] _a = JobData.Matrix(), _at = JobData.At();
    private readonly double[,] _jacobian = new double[JobData.Side, JobData.Side];
    private readonly ComputationTape<double> _tape = new(4 * JobData.Side);
    private readonly Var<double>[] _x = new Var<double>[JobData.Side];

    public double RowByRow()
    {
        ComputationTape<double> tape = _tape;
        Var<double>[] x = _x;
        for (int i = 0; i < JobData.Side; i++)
        {
            tape.Reset();
            for (int j = 0; j < x.Length; j++) x[j] = tape.Variable(_at[j]);
            tape.Backward(Output(x, i));
            for (int j = 0; j < x.Length; j++) _jacobian[i, j] = tape.GetGradient(j);
        }
        return _jacobian[3, 5];
    }

    private Var<double> Output(Var<double>[] x, int i)
    {
        ReadOnlySpan<double> row = _a.AsSpan(i * x.Length, x.Length);
        Var<double> sum = row[0] * x[0];
        for (int j = 1; j < row.Length; j++) sum = sum + row[j] * x[j];
        return ReverseFunctions<double>.Tanh(sum);
    }
}
