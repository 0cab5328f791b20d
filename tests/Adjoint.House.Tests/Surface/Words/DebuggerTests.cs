#pragma warning disable ADJ0004 // what holds modules in places that nobody looks into is what is tested
using System.Diagnostics;
using System.Reflection;
using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface.Words;

/// <summary>What a debugger shows runs nothing, changes nothing and ends.</summary>
public class DebuggerTests
{
    [Fact]
    public void A_tensor_shows_its_first_elements()
    {
        Tensor x = Tensor.From([[1f, 2f], [3f, 4.5f]]);
        x.DebuggerText.ShouldBe("Float32 [2, 2] { 1, 2, 3, 4.5 }");
        x.T.DebuggerText.ShouldBe("Float32 [2, 2] { 1, 3, 2, 4.5 }");
        Tensor.Arange(100).DebuggerText.ShouldBe("Int64 [100] { 0, 1, 2, 3, 4, 5, … }");
        Tensor.From([true, false]).DebuggerText.ShouldBe("Bool [2] { true, false }");
        Tensor.Scalar(0.5).DebuggerText.ShouldBe("Float32 [] { 0.5 }");
        Tensor.Zeros(0, 3).DebuggerText.ShouldBe("Float32 [0, 3]");
        Tensor.Ones(2)[1].Expand(3).DebuggerText.ShouldBe("Float32 [3] { 1, 1, 1 }");
        Tensor w = Tensor.Ones(1, requiresGrad: true);
        w.DebuggerText.ShouldEndWith("requires_grad");
        (w * 2).DebuggerText.ShouldEndWith("grad_fn=MulBackward0");
        Tensor gone = Tensor.Ones(5);
        gone.Dispose();
        gone.DebuggerText.ShouldContain("disposed");
        new TensorDebugView(gone).Elements.ShouldBe(["disposed"]);
        new TensorDebugView(Tensor.Zeros(100_000)).Elements.Length.ShouldBe(100);
    }

    [Fact]
    public void Nothing_runs_under_it()
    {
        var net = new Sequential(new Adjoint.Nn.Linear(2, 3), new ReLU());
        Tensor x = Tensor.Ones(3, 2), y = net.Call(x).T;
        Profile profile;
        using (profile = Autograd.Profile())
        {
            foreach (object shown in new object[] { x, y, y.GradFn!, net, net[0] })
            {
                DebuggerDisplayAttribute display =
                    shown.GetType().GetCustomAttribute<DebuggerDisplayAttribute>(inherit: true).ShouldNotBeNull();
                display.Value.ShouldNotBeEmpty();
                Type proxy = Type.GetType(shown.GetType().GetCustomAttribute<DebuggerTypeProxyAttribute>(inherit: true)!.ProxyTypeName)!;
                object view = Activator.CreateInstance(proxy, shown)!;
                foreach (PropertyInfo property in proxy.GetProperties()) property.GetValue(view);
            }
            _ = x.DebuggerText + y.DebuggerText + net.DebuggerText;
        }
        profile.Rows.ShouldBeEmpty();
        net.DebuggerText.ShouldBe("Sequential (0 tensors, 2 modules)");
        net[0].DebuggerText.ShouldBe("Linear (2 tensors, 0 modules)");
    }

    private sealed class Refused : Module
    {
        public IEnumerable<Module> Lazy { get; } = Enumerable.Range(0, 2).Select(_ => new ReLU());
    }

    [Fact]
    public void What_cannot_be_seen_says_so() => new ModuleDebugView(new Refused()).Held.Single().Value.ShouldBeOfType<string>();
}
