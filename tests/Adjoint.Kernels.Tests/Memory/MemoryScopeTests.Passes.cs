namespace Adjoint.Tests.Kernels.Memory;

/// <summary>Gradients, graphs, hooks, tangents.</summary>
public partial class MemoryScopeTests
{
    [Fact]
    public void The_gradient_of_a_parameter_outlives_the_scope()
    {
        Tensor w = Tensor.Ones([Many], requiresGrad: true);
        Tensor? between;
        using (Cpu.Memory.Scope())
        {
            Tensor h = w * 3;
            h.RetainGrad();
            (h * 2).Sum().Backward();
            between = h.Grad;
        }
        IsStill(w.Grad!, 6);
        IsStill(between!, 2);
        using (Cpu.Memory.Scope()) (w * 3).Sum().Backward();
        IsStill(w.Grad!, 9);
        using (Cpu.Memory.Scope()) w.Grad = Made();
        IsStill(w.Grad!, 2);
    }

    [Fact]
    public void A_recorded_gradient_can_be_differentiated_after_the_scope()
    {
        Tensor w = Tensor.Full([Many], 2, DType.Float32).RequiresGradInPlace();
        using (Cpu.Memory.Scope()) w.Pow(3).Sum().Backward(createGraph: true);
        Tensor first = w.Grad!;
        w.Grad = null;
        Overwrite();
        first.Sum().Backward();
        IsStill(w.Grad!, 12);
    }

    [Fact]
    public void What_is_kept_can_be_differentiated_after_the_scope()
    {
        Tensor w = Tensor.Full([Many], 2, DType.Float32).RequiresGradInPlace(), loss;
        using (MemoryScope outer = Cpu.Memory.Scope())
        {
            using (MemoryScope inner = Cpu.Memory.Scope()) loss = inner.Keep((w * w).Exp().Log().Sum());
            Overwrite();
            loss.Backward(retainGraph: true);
            outer.Keep(loss);
        }
        Overwrite();
        loss.Backward();
        double[] grad = w.Grad!.ToArray<double>();
        grad.ShouldAllBe(g => Math.Abs(g - 8) < 1e-4);
    }

    [Fact]
    public void A_graph_that_was_not_kept_says_what_is_missing()
    {
        Tensor w = Tensor.Full([Many], 2, DType.Float32).RequiresGradInPlace(), loss;
        using (Cpu.Memory.Scope()) loss = (w * w).Exp().Sum();
        Should.Throw<ObjectDisposedException>(() => loss.Backward()).Message.ShouldContain("made inside a memory scope");
        w.Grad.ShouldBeNull();
        (w * 2).Sum().Backward();
        IsStill(w.Grad!, 2);
    }

    [Fact]
    public void What_is_kept_after_its_backward_pass_keeps_no_more_than_itself()
    {
        Tensor w = Tensor.Full([Many], 2, DType.Float32).RequiresGradInPlace(), scores, loss, inner;
        using (MemoryScope scope = Cpu.Memory.Scope())
        {
            inner = w.Exp();
            scores = inner * 2;
            loss = scores.Square().Mean();
            loss.Backward();
            scope.Keep(loss);
            scope.Keep(scores);
        }
        IsGone(inner);
        Overwrite();
        scores.Detach().Sum().Item().ShouldBe(2 * Math.Exp(2) * Many, 1);
    }

    [Fact]
    public void Tangents_of_what_is_kept_are_kept()
    {
        Tensor x = Tensor.Ones([Many]), y, tangent;
        using (ForwardAD.EnterDualLevel())
        {
            using (MemoryScope scope = Cpu.Memory.Scope())
            {
                y = scope.Keep(ForwardAD.MakeDual(x, Made()) * 3);
            }
            Overwrite();
            tangent = ForwardAD.UnpackDual(y).Tangent!;
            IsStill(tangent, 6);
        }
    }

    [Fact]
    public void What_hooks_saw_and_nobody_kept_is_gone_and_the_pass_is_right()
    {
        Tensor w = Tensor.Ones([Many], requiresGrad: true);
        var seen = new List<Tensor>();
        using (MemoryScope scope = Cpu.Memory.Scope())
        {
            Tensor h = w * 2;
            h.RegisterHook(g =>
            {
                seen.Add(g);
                return null;
            });
            h.RegisterHook(g =>
            {
                seen.Add(scope.Keep(g * 5));
                return null;
            });
            (h * 3).Sum().Backward();
        }
        IsStill(w.Grad!, 6);
        IsStill(seen[1], 15);
        foreach (Tensor g in seen) // never somebody else's numbers
            if (!ReferenceEquals(g, seen[1])) Should.Throw<ObjectDisposedException>(() => g.Sum());
    }

    [Fact]
    public void A_hook_that_ends_the_scope_stops_the_pass_or_leaves_it_right()
    {
        Tensor w = Tensor.Ones([Many], requiresGrad: true);
        MemoryScope scope = Cpu.Memory.Scope();
        Tensor h = w * 2;
        h.RegisterHook(g =>
        {
            scope.Dispose();
            Overwrite();
            return null;
        });
        try
        {
            (h * h).Sum().Backward();
            IsStill(w.Grad!, 8);
        }
        catch (ObjectDisposedException)
        {
            w.Grad.ShouldBeNull();
        }
        w.Grad = null;
        (w * 2).Sum().Backward();
        IsStill(w.Grad!, 2);
    }
}
