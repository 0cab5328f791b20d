using System.Text.Json;
using Adjoint.Distributed;
using Adjoint.Nn;

namespace Adjoint.Tests.Distributed;

using Linear = Adjoint.Nn.Linear;

public class OverlapTests
{
    /// <summary>The trace of a step shows gradients on their way while those of the layers before are being computed.</summary>
    [Fact]
    public void Gradients_are_sent_while_backward_runs()
    {
        using var folder = new TemporaryFolder();
        Ranks.Run(2, Traced, folder.Path);
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllText(folder.File("rank-0.json")));
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray()
            .Select(e => (Name: e.GetProperty("name").GetString()!, Begin: e.GetProperty("ts").GetDouble(), Thread: e.GetProperty("tid").GetInt32(),
                End: e.GetProperty("ts").GetDouble() + e.GetProperty("dur").GetDouble())).ToList();
        var sent = events.Where(e => e.Name == "all_reduce").OrderBy(e => e.Begin).ToList();
        sent.Count.ShouldBe(4);
        sent[0].Thread.ShouldNotBe(events.First(e => e.Name != "all_reduce").Thread);
        var products = events.Where(e => e.Thread != sent[0].Thread && e.Name.Contains("mm", StringComparison.Ordinal)).ToList();
        products.ShouldNotBeEmpty();
        // Those of the last layers were on their way before the pass came to the first one.
        products.Count(e => e.Begin > sent[0].Begin).ShouldBeGreaterThan(2);
        products.ShouldContain(e => e.Begin < sent[0].End && e.End > sent[0].Begin);
    }

    [Scenario]
    internal static void Traced(string[] arguments)
    {
        using ProcessGroup world = ProcessGroup.Init();
        var net = new DistributedDataParallel(
            new Sequential(new Linear(512, 512), new ReLU(), new Linear(512, 512), new ReLU(), new Linear(512, 512), new ReLU(), new Linear(512, 512)),
            world, new DataParallelOptions { BucketCapMb = 0.5 });
        Tensor x = Tensor.Ones(256, 512);
        for (int i = 0; i < 5; i++) Step();
        world.Barrier();
        using Profile profile = Autograd.Profile();
        Step();
        profile.WriteTrace(Path.Combine(arguments[0], $"rank-{world.Rank}.json"));

        void Step()
        {
            net.ZeroGrad();
            net.Call(x).Sum().Backward();
        }
    }
}
