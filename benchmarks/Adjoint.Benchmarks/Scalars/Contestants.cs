using System.Diagnostics;
using System.Globalization;

namespace Adjoint.Benchmarks.Scalars;

/// <summary>Somebody who can do a job a number of times and say how long it took.</summary>
internal interface IContestant
{
    /// <summary>Nanoseconds for one repeat, and the value that all contestants must agree on; null if it does not know the job.</summary>
    (double Nanoseconds, double Check)? Run(string job, int repeats);
}

/// <summary>Ourselves.</summary>
internal sealed class Ours : IContestant
{
    private readonly Dictionary<string, Func<double>> _jobs = [];

    public Ours()
    {
        double[] start = ScalarJobs.Start(), at = ScalarJobs.At(), loop = [0.5, 0.999, 0.001];
        ScalarJobs.TanhOfProduct tanh = new(ScalarJobs.Matrix());
        _jobs["loop"] = Gradient(default(ScalarJobs.Loop), loop, 1);
        _jobs["loop-forward"] = () => Scalar.Forward.Gradient(default(ScalarJobs.Loop), loop)[1];
        _jobs["rosenbrock"] = Gradient(default(ScalarJobs.Rosenbrock), start, 0);
        _jobs["product"] = Gradient(default(ScalarJobs.Product), start, 0);
        _jobs["jacobian"] = () => Scalar.Forward.Jacobian(tanh, at)[3, 5];
        _jobs["jacobian-reverse"] = () => Scalar.Reverse.Jacobian(tanh, at)[3, 5];
        _jobs["jacobian-rows"] = RowByRow(ScalarJobs.Matrix(), at);
        _jobs["neuron"] = new Training().TapeStep;
        _jobs["neuron-gradient"] = new Training().GradientStep;
        _jobs["neuron-forward"] = new Training().ForwardStep;
    }

    public (double Nanoseconds, double Check)? Run(string job, int repeats)
    {
        if (!_jobs.TryGetValue(job, out Func<double>? work)) return null;
        double check = 0;
        for (int r = 0; r < repeats / 4; r++) work();  // untimed: a core that has just been idle is slow at first
        long from = Stopwatch.GetTimestamp();
        for (int r = 0; r < repeats; r++) check = work();
        return (Stopwatch.GetElapsedTime(from).TotalNanoseconds / repeats, check);
    }

    private static Func<double> Gradient<F>(F f, double[] x, int entry) where F : struct, IFunction
    {
        double[] gradient = new double[x.Length];
        return () =>
        {
            Scalar.Reverse.Gradient(f, x, gradient);
            return gradient[entry];
        };
    }

    /// <summary>A gradient for each row, which only functions whose results can be had one by one allow.</summary>
    private static Func<double> RowByRow(double[] a, double[] x)
    {
        double[] jacobian = new double[ScalarJobs.Side * x.Length];
        return () =>
        {
            for (int i = 0; i < ScalarJobs.Side; i++)
                Scalar.Reverse.Gradient(new ScalarJobs.TanhOfRow(a, i), x, jacobian.AsSpan(i * x.Length, x.Length));
            return jacobian[3 * x.Length + 5];
        };
    }

    /// <summary>One neuron trained by gradient descent on four examples, one each step.</summary>
    private sealed class Training
    {
        private static readonly double[] s_inputs = [-1, -0.5, 0.5, 1], s_targets = [-2, -0.5, 2.5, 4];
        private readonly double[] _parameters = new double[2];
        private readonly Tape<Real<double>> _tape = new();
        private int _step;


        /// <summary>On a tape of one's own, kept and reset.</summary>
        public double TapeStep()
        {
            double x = s_inputs[_step & 3], y = s_targets[_step & 3];
            _tape.Reset();
            Var<Real<double>> w = _tape.Variable(_parameters[0]), b = _tape.Variable(_parameters[1]);
            Var<Real<double>> error = w * x + b - y;
            _tape.Backward(error * error);
            return Descend(_tape.Adjoint(w).Value, _tape.Adjoint(b).Value);
        }

        public double GradientStep()
        {
            Span<double> gradient = stackalloc double[2];
            ScalarJobs.Neuron loss = new(s_inputs[_step & 3], s_targets[_step & 3]);
            Scalar.Reverse.Gradient(loss, _parameters, gradient);
            return Descend(gradient[0], gradient[1]);
        }

        public double ForwardStep()
        {
            double x = s_inputs[_step & 3], y = s_targets[_step & 3];
            Real<double> w = new(_parameters[0]), b = new(_parameters[1]);
            double gradientW = Loss(Dual<Real<double>>.Variable(w), Dual<Real<double>>.Constant(b), x, y).Tangent.Value;
            double gradientB = Loss(Dual<Real<double>>.Constant(w), Dual<Real<double>>.Variable(b), x, y).Tangent.Value;
            return Descend(gradientW, gradientB);
        }

        private static Dual<Real<double>> Loss(Dual<Real<double>> w, Dual<Real<double>> b, double x, double y)
        {
            Dual<Real<double>> error = w * x + b - y;
            return error * error;
        }

        private double Descend(double gradientW, double gradientB)
        {
            _parameters[0] -= 0.01 * gradientW;
            _parameters[1] -= 0.01 * gradientB;
            _step++;
            return _parameters[0];
        }
    }
}

/// <summary>A program of benchmarks/scalar, driven over its standard input and output.</summary>
internal sealed class Peer(string path, string suffix = "") : IContestant
{
    private readonly Process _process = Process.Start(new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public (double Nanoseconds, double Check)? Run(string job, int repeats)
    {
        _process.StandardInput.WriteLine($"{job}{suffix} {repeats}");
        _process.StandardInput.Flush();
        string[] answer = (_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{path} ended while doing '{job}'.")).Split(' ');
        double nanoseconds = double.Parse(answer[0], CultureInfo.InvariantCulture);
        return double.IsNaN(nanoseconds) ? null : (nanoseconds, double.Parse(answer[1], CultureInfo.InvariantCulture));
    }
}
