namespace Adjoint.Tests.Differentiation;

/// <summary>Hooks that return something else than they should.</summary>
public class HookMisuseTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    [Fact]
    public void An_unpack_hook_must_give_an_equal_tensor_back()
    {
        Run(_ => null!).Message.ShouldContain("null");
        Run(_ => Tensor.From([1.0])).Message.ShouldContain("[2]");
        Run(_ => Tensor.From([1f, 2f])).Message.ShouldContain("Float32");

        static AutogradException Run(Func<object, Tensor> unpack)
        {
            Tensor x = Leaf(1, 2), y;
            using (Autograd.SavedTensorsHooks(t => t.Clone(), unpack)) y = x.Sin() * x;
            return Should.Throw<AutogradException>(() => y.Sum().Backward());
        }
    }

    [Fact]
    public void What_a_pack_hook_returns_may_be_null()
    {
        Tensor x = Leaf(3), y;
        using (Autograd.SavedTensorsHooks(_ => null!, _ => Tensor.From([5.0]))) y = x * x;
        y.Backward();
        x.Grad!.Item<double>().ShouldBe(10);
    }

    [Fact]
    public void A_tensor_cannot_be_its_own_gradient()
    {
        Tensor x = Leaf(1, 2);
        Should.Throw<AutogradException>(() => x.Grad = x).Message.ShouldContain("Clone()");
        x.Grad.ShouldBeNull();
        x.Grad = x.Detach();
    }
}
