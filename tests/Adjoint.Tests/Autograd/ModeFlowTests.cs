#pragma warning disable ADJ0001 // scopes are dropped on purpose
namespace Adjoint.Tests.Differentiation;

/// <summary>Modes that public scopes set: they go with the code, and stay out of other code. See Note [Modes flow].</summary>
public class ModeFlowTests
{
    /// <summary>Every public scope, with what it is seen by.</summary>
    public static TheoryData<string> Scopes => [.. All.Keys];

    private static readonly Dictionary<string, (Func<IDisposable> Begin, Func<bool> IsOn)> All = new()
    {
        ["NoGrad"] = (Autograd.NoGrad, () => !Autograd.IsGradEnabled),
        ["SetGradEnabled"] = (() => Autograd.SetGradEnabled(false), () => !Autograd.IsGradEnabled),
        ["InferenceMode"] = (() => Autograd.InferenceMode(), () => Autograd.IsInferenceModeEnabled),
        ["DetectAnomaly"] = (() => Autograd.DetectAnomaly(), () => Autograd.IsAnomalyEnabled),
        ["SetDetectAnomaly"] = (() => Autograd.SetDetectAnomaly(true), () => Autograd.IsAnomalyEnabled),
        ["SavedTensorsHooks"] = (() => Autograd.SavedTensorsHooks(x => x.Clone(), x => (Tensor)x), () => SavesACopy()),
        ["EnterDualLevel"] = (ForwardAD.EnterDualLevel, () => ForwardMode.Innermost is not null),
    };

    private static bool SavesACopy()
    {
        Tensor x = Tensor.From([2.0], requiresGrad: true), y = x * 1.0, z = y * y;
        y.AddInPlace(1);
        try
        {
            z.Backward();
            return true;
        }
        catch (VersionException)
        {
            return false;
        }
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Dropped_in_jobs_of_the_pool_they_reach_no_other_job(string name)
    {
        (Func<IDisposable> begin, Func<bool> isOn) = All[name];
        int reached = 0, without = 0;
        using var done = new CountdownEvent(400);
        for (int i = 0; i < 400; i++)
        {
            bool drops = i % 2 == 0;
            WaitCallback job = _ =>
            {
                if (isOn()) Interlocked.Increment(ref reached);
                if (drops) begin();
                if (isOn() != drops) Interlocked.Increment(ref without);
                done.Signal();
            };
            if (i % 3 == 0) ThreadPool.UnsafeQueueUserWorkItem(job, null);
            else ThreadPool.QueueUserWorkItem(job);
        }
        done.Wait(TestContext.Current.CancellationToken);
        reached.ShouldBe(0);
        without.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task They_go_through_an_await_on_whatever_thread_and_end_after_it(string name)
    {
        (Func<IDisposable> begin, Func<bool> isOn) = All[name];
        isOn().ShouldBeFalse();
        using (begin())
        {
            await Task.Yield();
            isOn().ShouldBeTrue();
            await new NewThread();
            isOn().ShouldBeTrue();
            await Task.Run(() => isOn().ShouldBeTrue(), TestContext.Current.CancellationToken);
            isOn().ShouldBeTrue();
        }
        isOn().ShouldBeFalse();
        await Task.Yield();
        isOn().ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task An_async_method_keeps_what_it_sets_to_itself(string name)
    {
        (Func<IDisposable> begin, Func<bool> isOn) = All[name];
        Task running = Drop();
        isOn().ShouldBeFalse();
        await running;
        isOn().ShouldBeFalse();

        async Task Drop()
        {
            begin();
            await Task.Delay(1);
            isOn().ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Disposed_in_another_thread_or_job_they_change_nothing_there(string name)
    {
        (Func<IDisposable> begin, Func<bool> isOn) = All[name];
        IDisposable? strange = null;
        var first = new Thread(() => strange = begin());
        first.Start();
        first.Join();
        isOn().ShouldBeFalse();
        using (begin())
        {
            if (name != "EnterDualLevel") strange!.Dispose();
            isOn().ShouldBeTrue();
        }
        strange!.Dispose();
        isOn().ShouldBeFalse();
    }

    [Theory] // 6.9
    [MemberData(nameof(Scopes))]
    public async Task They_reach_what_is_started_inside_and_end_there_without_a_trace_outside(string name)
    {
        (Func<IDisposable> begin, Func<bool> isOn) = All[name];
        int on = 0;
        using (IDisposable scope = begin())
        {
            Parallel.For(0, 50, _ => { if (isOn()) Interlocked.Increment(ref on); });
            bool inThread = false;
            var thread = new Thread(() => inThread = isOn());
            thread.Start();
            thread.Join();
            inThread.ShouldBeTrue();
            if (name != "EnterDualLevel") await Task.Run(scope.Dispose, TestContext.Current.CancellationToken);
            isOn().ShouldBeTrue();
        }
        on.ShouldBe(50);
        isOn().ShouldBeFalse();
        (await Task.Run(isOn, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public void An_outer_scope_ends_those_inside_it_that_were_dropped()
    {
        using (Autograd.NoGrad())
        {
            Autograd.SetGradEnabled(true);
            Autograd.SetDetectAnomaly(true);
        }
        Autograd.IsGradEnabled.ShouldBeTrue();
        Autograd.IsAnomalyEnabled.ShouldBeFalse();
        GradScope twice = Autograd.NoGrad();
        twice.Dispose();
        using (Autograd.NoGrad())
        {
            twice.Dispose();
            Autograd.IsGradEnabled.ShouldBeFalse();
        }
    }

    [Fact]
    public void Scopes_a_thousand_deep_end_in_order()
    {
        Down(1000);
        Autograd.IsGradEnabled.ShouldBeTrue();

        static void Down(int left)
        {
            if (left == 0) return;
            bool before = Autograd.IsGradEnabled;
            using (Autograd.SetGradEnabled(left % 3 == 0)) Down(left - 1);
            Autograd.IsGradEnabled.ShouldBe(before);
        }
    }

    /// <summary>What runs inside a hook, a rule or a function being differentiated may itself wait for tasks and async methods.</summary>
    [Fact]
    public void The_librarys_own_modes_survive_user_code_that_switches_contexts()
    {
        Tensor x = Tensor.From([3.0], requiresGrad: true), y = x * x;
        var seen = new List<bool>();
        y.RegisterHook(g =>
        {
            Waits().GetAwaiter().GetResult();
            seen.Add(Autograd.IsGradEnabled);
            seen.Add(Task.Run(() => Autograd.IsGradEnabled).Result);
            Autograd.SetGradEnabled(true);
            return g * 1.0;
        });
        (y * 2.0).Backward();
        seen.ShouldBe([false, false]);
        x.Grad!.RequiresGrad.ShouldBeFalse();
        x.Grad.Item<double>().ShouldBe(12);

        Tensor jacobian = Transforms.Jacobian(v =>
        {
            Waits().GetAwaiter().GetResult();
            Tensor w = Task.Run(() => v * v).Result;
            Autograd.SetGradEnabled(false);
            return w;
        }, Tensor.From([3.0]));
        jacobian.Item<double>().ShouldBe(6);
        Autograd.IsGradEnabled.ShouldBeTrue();

        static async Task Waits()
        {
            using (Autograd.EnableGrad()) await Task.Delay(1).ConfigureAwait(false);
        }
    }

    /// <summary>Goes on in a thread of its own.</summary>
    private readonly struct NewThread : System.Runtime.CompilerServices.INotifyCompletion
    {
        public NewThread GetAwaiter() => this;

        public bool IsCompleted => false;

        public void OnCompleted(Action continuation) => new Thread(() => continuation()).Start();

        public void GetResult()
        {
        }
    }
}
