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
        _jobs["neuron"] = new Training().ReverseStep;
        _jobs["neuron-forward"] = new Training().ForwardStep;
    }

    public (double Nanoseconds, double Check)? Run(string job, int repeats)
    {
        if (!_jobs.TryGetValue(job, out Func<double>? work)) return null;
        double check = 0;
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

    /// <summary>One neuron trained by gradient descent on four examples, one each step.</summary>
    private sealed class Training
    {
        private static readonly double[] s_inputs = [-1, -0.5, 0.5, 1], s_targets = [-2, -0.5, 2.5, 4];
        private readonly double[] _parameters = new double[2];
        private int _step;

        private ScalarJobs.Neuron Next => new(s_inputs[_step & 3], s_targets[_step & 3]);

        public double ReverseStep()
        {
            Span<double> gradient = stackalloc double[2];
            Scalar.Reverse.Gradient(Next, _parameters, gradient);
            return Descend(gradient[0], gradient[1]);
        }

        public double ForwardStep()
        {
            VectorDual loss = Next.Invoke<VectorDual>([VectorDual.Variable(_parameters[0], 0), VectorDual.Variable(_parameters[1], 1)]);
            return Descend(loss.Tangent(0), loss.Tangent(1));
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

/// <summary>A C++ program of benchmarks/scalar, driven over its standard input and output.</summary>
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
