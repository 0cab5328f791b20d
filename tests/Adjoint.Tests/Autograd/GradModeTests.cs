#pragma warning disable ADJ0001 // scopes are dropped on purpose
namespace Adjoint.Tests.Differentiation;

/// <summary>Grad modes: behaviours of section 6.</summary>
public class GradModeTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    [Fact] // 6.1, 6.2, 6.3, 6.11
    public void NoGrad_records_nothing_and_leaves_flags_alone()
    {
        Tensor x = Leaf(2), y, fresh;
        using (Autograd.NoGrad())
        {
            y = x * x;
            fresh = Leaf(1);
        }
        y.RequiresGrad.ShouldBeFalse();
        y.GradFn.ShouldBeNull();
        x.RequiresGrad.ShouldBeTrue();
        fresh.RequiresGrad.ShouldBeTrue();
        Should.Throw<AutogradException>(() => y.Backward());
        (y * x).Backward();
        x.Grad!.Item<double>().ShouldBe(4);
    }

    [Fact] // 6.4, 6.5, 6.10
    public void Modes_nest_and_come_back_also_after_an_exception()
    {
        using (Autograd.NoGrad())
        {
            using (Autograd.EnableGrad()) Autograd.IsGradEnabled.ShouldBeTrue();
            Autograd.IsGradEnabled.ShouldBeFalse();
        }
        try
        {
            using GradScope _ = Autograd.NoGrad();
            throw new ArithmeticException();
        }
        catch (ArithmeticException) { }
        Autograd.IsGradEnabled.ShouldBeTrue();
    }

    [Fact] // 6.6
    public void SetGradEnabled_works_at_once_and_until_the_block_ends()
    {
        using (Autograd.EnableGrad())
        {
            Autograd.SetGradEnabled(false);
            Autograd.IsGradEnabled.ShouldBeFalse();
        }
        Autograd.IsGradEnabled.ShouldBeTrue();
    }

    [Fact] // 6.14
    public void Inference_mode_nests_and_can_be_left_inside()
    {
        using (Autograd.InferenceMode())
        {
            Autograd.IsInferenceModeEnabled.ShouldBeTrue();
            Autograd.IsGradEnabled.ShouldBeFalse();
            using (Autograd.InferenceMode(false))
            {
                Autograd.IsInferenceModeEnabled.ShouldBeFalse();
                Autograd.IsGradEnabled.ShouldBeTrue();
            }
        }
        Autograd.IsInferenceModeEnabled.ShouldBeFalse();
    }

    [Fact] // 6.15, 6.16, 6.17, 6.18
    public void Inference_tensors_stay_out_of_graphs()
    {
        Tensor x = Leaf(2), c;
        using (Autograd.InferenceMode()) c = x * 3.0;
        c.IsInference.ShouldBeTrue();
        c.RequiresGrad.ShouldBeFalse();
        Should.Throw<AutogradException>(() => c.Version);
        Should.Throw<AutogradException>(() => c.AddInPlace(1.0)).Message.ShouldContain("Clone()");
        Should.Throw<AutogradException>(() => c * x).Message.ShouldContain("Clone()");
        (c.Clone() * x).Backward();
        x.Grad!.Item<double>().ShouldBe(6);
        using (Autograd.InferenceMode()) c.AddInPlace(1.0);
    }

    [Fact] // 6.23
    public void Changes_inside_inference_mode_of_saved_tensors_are_found()
    {
        Tensor x = Leaf(2), y = x * 1.0, z = y * y;
        using (Autograd.InferenceMode()) y.AddInPlace(1.0);
        Should.Throw<VersionException>(() => z.Backward());
    }
}
