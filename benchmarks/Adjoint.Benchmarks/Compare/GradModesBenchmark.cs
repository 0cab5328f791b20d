namespace Adjoint.Benchmarks.Compare;

using Adjoint.Nn; // here, before the internal Linear and Reduction of Adjoint are found

/// <summary>
/// The course's timing lesson: 4096 → 8192 → 8192 → 8192 → 1 on a batch of 256, forward in each of the three modes, and making the network.
/// </summary>
internal static class GradModesBenchmark
{
    public static int Run(string[] arguments)
    {
        Sequential? net = null;
        double making = Rounds.Seconds(() => net = Model());
        Tensor x = Tensor.Randn(256, 4096);
        Action[] modes =
        [
            () => net!.Call(x),
            () => { using (Autograd.NoGrad()) net!.Call(x); },
            () => { using (Autograd.InferenceMode()) net!.Call(x); },
        ];
        return Rounds.Sample(arguments, () =>
        {
            modes[0]();
            return new()
            {
                ["lesson making"] = making,
                ["lesson default"] = Rounds.Seconds(modes[0], 2),
                ["lesson no-grad"] = Rounds.Seconds(modes[1], 2),
                ["lesson inference"] = Rounds.Seconds(modes[2], 2),
            };
        });
    }

    private static Sequential Model()
    {
        Rng.ManualSeed(0);
        return new(
            new Linear(4096, 8192), new ReLU(), new Linear(8192, 8192), new ReLU(), new Linear(8192, 8192), new ReLU(), new Linear(8192, 1));
    }
}
