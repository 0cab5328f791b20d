using System.Text.Json;
using Adjoint.Distributed;
using Adjoint.Nn;

namespace Adjoint.Tests.Distributed;

using Linear = Adjoint.Nn.Linear;

public class OverlapTests
{
    /// <summary>
    /// The gradients of the last layers arrive at the other ranks while the pass has not come to the first layer, and the trace shows it.
    /// </summary>
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
        sent[0].End.ShouldBeLessThan(products.Max(e => e.Begin));
    }

    /// <summary>A pass that waits before its first layer until another rank has the gradients of the last.</summary>
    private sealed class Held : Module
    {
        private readonly Linear _first = new(64, 512);
        private readonly Sequential _rest =
            new(new ReLU(), new Linear(512, 512), new ReLU(), new Linear(512, 512), new ReLU(), new Linear(512, 512));

        [Untracked]
        internal Action? Hold;

        protected override Tensor Forward(Tensor input)
        {
            Tensor inner = _first.Call(input);
            inner.RegisterHook(gradient =>
            {
                Hold?.Invoke();
                return gradient;
            });
            return _rest.Call(inner);
        }
    }

    [Scenario]
    internal static void Traced(string[] arguments)
    {
        using ProcessGroup world = ProcessGroup.Init();
        var held = new Held();
        var net = new DistributedDataParallel(held, world, new DataParallelOptions { BucketCapMb = 0.1, Overlap = true });
        Tensor x = Tensor.Ones(16, 64);
        Step();
        world.Barrier();
        using Profile profile = Autograd.Profile();
        // However slow the machine is, this ends: the gradients need nothing more of the pass.
        held.Hold = () =>
            SpinWait.SpinUntil(() => profile.Rows.Any(row => row.Operation == "all_reduce"), TimeSpan.FromSeconds(60)).ShouldBeTrue();
        Step();
        profile.WriteTrace(Path.Combine(arguments[0], $"rank-{world.Rank}.json"));

        void Step()
        {
            net.ZeroGrad();
            net.Call(x).Sum().Backward();
        }
    }
}
