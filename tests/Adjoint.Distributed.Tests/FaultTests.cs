using System.Diagnostics;
using System.Globalization;
using Adjoint.Distributed;
using Adjoint.Nn;

namespace Adjoint.Tests.Distributed;

using Linear = Adjoint.Nn.Linear;

/// <summary>One rank does what it should not; all end within ten seconds, and the run says why.</summary>
public class FaultTests
{
    private const string Mark = "FAULT AT ";
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(2, "kill", "signal 9")]
    [InlineData(4, "kill", "signal 9")]
    [InlineData(2, "throw", "rank 1 failed: InvalidOperationException: the disk is full")]
    [InlineData(4, "throw", "rank 1 failed: InvalidOperationException: the disk is full")]
    [InlineData(4, "throw in backward", "rank 1 failed: InvalidOperationException: the disk is full")]
    [InlineData(2, "exit 3", "rank 1 has ended its program with exit code 3")]
    [InlineData(2, "return", "rank 1 has ended its program without it")]
    [InlineData(4, "dispose", "rank 1 has ended its program without it")]
    [InlineData(3, "kill", "signal 9")]
    [InlineData(3, "uneven", "is missing: it ")]
    [InlineData(2, "shape", "rank 0: AllReduce of 10 Float32 (Sum); rank 1: AllReduce of 20 Float32 (Sum)")]
    [InlineData(4, "shape", "ranks 0, 2, 3: AllReduce of 10 Float32 (Sum); rank 1: AllReduce of 20 Float32 (Sum)")]
    [InlineData(4, "tensor", "rank 1: AllReduce of a Float32 tensor of shape [10, 1] (Sum)")]
    [InlineData(2, "dtype", "rank 1: AllReduce of 10 Float64 (Sum)")]
    [InlineData(4, "op", "rank 1: AllReduce of 10 Float32 (Max)")]
    [InlineData(4, "other", "rank 1: Broadcast of 10 Float32 from rank 0")]
    [InlineData(4, "module", "rank 1: DistributedDataParallel: weight [3, 4] Float32")]
    [InlineData(2, "message", "rank 0 has sent 10 Float32")]
    [InlineData(2, "weights", "weight of shape [3, 3] is not the same on all ranks: rank 0 against rank 1")]
    [InlineData(4, "sleep", "rank 1 is missing: it has ended Barrier, its number 1, and called nothing since")]
    [InlineData(4, "elsewhere", "rank 1 is missing: it has ended Barrier, its number 1, and called nothing since")]
    [InlineData(2, "stop", "rank 1 does not answer")]
    public void A_rank_that_fails_ends_the_run(int ranks, string fault, string words)
    {
        Ranks.Result result = Ranks.Try(ranks, Faulty, [(ProcessGroupOptions.TimeoutVariable, "3")], fault);
        result.ExitCode.ShouldNotBe(0, result.All);
        (result.Output + result.Errors).ShouldContain(words, customMessage: result.All);
        string? mark = result.Output.Split('\n').FirstOrDefault(line => line.Contains(Mark));
        mark.ShouldNotBeNull(result.All);
        var at = new DateTime(long.Parse(mark.Trim()[(mark.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..], CultureInfo.InvariantCulture));
        // On a machine so busy that the ranks need long to begin, they need as much longer to end.
        (result.Ended - at).ShouldBeLessThan(s_most + (at - result.Begun), result.All);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public void Killed_at_any_moment_the_last_checkpoint_is_whole(int ranks, int seed)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("run.pt");
        var random = new Random(seed);
        Ranks.Result result = Ranks.Try(ranks, SavesUntilKilled, [], file, $"{random.Next(ranks)}", $"{100 + random.Next(400)}");
        result.ExitCode.ShouldNotBe(0, result.All);
        var net = new Linear(300, 300);
        IReadOnlyDictionary<string, object?> values = DistributedCheckpoint.Load(file, new SingleProcess(), net);
        double step = (long)values["step"]!;
        net.Weight.ToArray<float>().ShouldAllBe(w => w == (float)step);
    }

    [Scenario]
    internal static void Faulty(string[] arguments)
    {
        string fault = arguments[0];
        ProcessGroup world = ProcessGroup.Init();
        world.Barrier();
        bool isFaulty = world.Rank == 1;
        if (isFaulty) Console.WriteLine(Mark + DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture));
        if (isFaulty && !Fails(fault, world)) return;
        if (fault == "message") { if (world.Rank == 0) world.Send<float>(new float[10], 1); }
        else if (fault == "module") _ = new DistributedDataParallel(new Linear(3, 3), world);
        else if (fault == "weights") new DistributedDataParallel(new Linear(3, 3), world).CheckSame();
        else if (fault == "throw in backward") new DistributedDataParallel(new Linear(3, 3), world).Call(Tensor.Ones(1, 3)).Sum().Backward();
        else if (fault == "uneven") Passes(world, 3);
        else if (fault == "tensor") world.AllReduce(Tensor.Ones(1, 10));
        float[] values = new float[10];
        for (int i = 0; i < 1000; i++)
        {
            world.AllReduce(values.AsSpan());
            Thread.Sleep(5);
        }
        throw new InvalidOperationException("nothing stopped this rank");
    }

    // Whether the rank goes on as the others do.
    private static bool Fails(string fault, ProcessGroup world)
    {
        switch (fault)
        {
            case "kill":
                Process.GetCurrentProcess().Kill();
                break;
            case "throw":
                throw new InvalidOperationException("the disk is full");
            case "throw in backward":
                var net = new DistributedDataParallel(new Linear(3, 3), world);
                Tensor y = net.Call(Tensor.Ones(1, 3));
                y.RegisterHook(_ => throw new InvalidOperationException("the disk is full"));
                y.Sum().Backward();
                break;
            case "exit 3":
                Environment.Exit(3);
                break;
            case "return":
                return false;
            case "dispose":
                world.Dispose();
                return false;
            case "shape":
                world.AllReduce(new float[20].AsSpan());
                break;
            case "uneven":
                Passes(world, 2);
                world.Barrier();
                break;
            case "tensor":
                world.AllReduce(Tensor.Ones(10, 1));
                break;
            case "dtype":
                world.AllReduce(new double[10].AsSpan());
                break;
            case "op":
                world.AllReduce(new float[10].AsSpan(), ReduceOp.Max);
                break;
            case "other":
                world.Broadcast(new float[10].AsSpan());
                break;
            case "module":
                _ = new DistributedDataParallel(new Linear(4, 3), world);
                break;
            case "message":
                world.Receive(new double[5].AsSpan(), 0);
                break;
            case "weights":
                var parallel = new DistributedDataParallel(new Linear(3, 3), world);
                using (Autograd.NoGrad()) ((Linear)parallel.Module).Weight[0, 0].AddInPlace(1e-6);
                parallel.CheckSame();
                break;
            case "sleep":
                Thread.Sleep(Timeout.Infinite);
                break;
            case "elsewhere":
                while (true) Thread.SpinWait(100);
            case "stop":
                using (Process stop = Process.Start("kill", ["-STOP", $"{Environment.ProcessId}"])) stop.WaitForExit();
                break;
        }
        return true;
    }

    // A rank whose loader has fewer batches.
    private static void Passes(ProcessGroup world, int passes)
    {
        var net = new DistributedDataParallel(new Linear(3, 3), world);
        for (int i = 0; i < passes; i++) net.Call(Tensor.Ones(1, 3)).Sum().Backward();
    }

    [Scenario]
    internal static void SavesUntilKilled(string[] arguments)
    {
        ProcessGroup world = ProcessGroup.Init();
        var net = new DistributedDataParallel(new Linear(300, 300), world);
        long begin = 0;
        for (long step = 0; ; step++)
        {
            using (Autograd.NoGrad()) foreach (Tensor p in net.Parameters()) p.FillInPlace(step);
            DistributedCheckpoint.Save(arguments[0], world, net, values: new Dictionary<string, object?> { ["step"] = step });
            if (begin == 0) begin = Stopwatch.GetTimestamp();
            if (world.Rank != int.Parse(arguments[1])) continue;
            int after = int.Parse(arguments[2]);
            if (step == 0) new Thread(() => { Thread.Sleep(after); Process.GetCurrentProcess().Kill(); }) { IsBackground = true }.Start();
        }
    }
}
