using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Signatures;

using Linear = Adjoint.Nn.Linear;

public class FunctionalCallTests
{
    private static Tensor X => Tensor.From([[1f, 2f], [3f, 4f]]);

    private sealed record Pair(Tensor A, Tensor B);

    /// <summary>Parameters wherever they can lie.</summary>
    private sealed class Everywhere : Module
    {
        public readonly Linear fc = new(2, 2);
        public readonly Tensor own = Tensor.Ones(2).AsParameter();
        public readonly Tensor[] array = [Tensor.Ones(2).AsParameter()];
        public readonly List<Tensor> list = [Tensor.Ones(2).AsParameter()];
        public readonly Dictionary<string, Tensor> named = new() { ["a"] = Tensor.Ones(2).AsParameter() };
        public readonly Pair pair = new(Tensor.Ones(2).AsParameter(), Tensor.Ones(2).AsBuffer());
        public readonly (Tensor, int) tuple = (Tensor.Ones(2).AsParameter(), 3);
        public readonly ParameterList parameters = new(Tensor.Ones(2));
        public readonly ParameterDict dictionary = new() { ["b"] = Tensor.Ones(2) };
        public readonly Tensor tied;

        public Everywhere() => tied = own;

        protected override Tensor Forward(Tensor input) =>
            fc.Call(input) * own * array[0] * list[0] * named["a"] * pair.A * pair.B * tuple.Item1 * parameters[0] * dictionary["b"] * tied;
    }

    [Fact]
    public void Every_tensor_can_be_another_for_one_call_and_has_the_gradient_of_it()
    {
        var net = new Everywhere();
        Dictionary<string, Tensor> before = net.StateDict().ToDictionary();
        Tensor plain = net.Call(X);
        Dictionary<string, Tensor> others = net.StateDict().Keys.Where(name => name != "tied").ToDictionary(
            name => name, name => (before[name] * 2).RequiresGradInPlace());
        Tensor y = net.FunctionalCall(others, X);
        // Ten of them as factors, of which one stands in two places, and fc, which is linear in both of its own.
        y.AllClose(plain * Math.Pow(2, 11)).ShouldBeTrue();
        y.Sum().Backward();
        foreach ((string name, Tensor given) in others) given.Grad.ShouldNotBeNull(name);
        foreach ((string name, Tensor parameter) in net.NamedParameters()) parameter.Grad.ShouldBeNull(name);
        net.Call(X).ElementsEqual(plain).ShouldBeTrue();
        foreach ((string name, Tensor tensor) in net.StateDict()) tensor.ElementsEqual(before[name]).ShouldBeTrue(name);
    }

    [Fact]
    public void Steps_that_are_computed_are_differentiated_through()
    {
        var fc = new Linear(2, 1);
        Tensor rate = Tensor.Scalar(0.1, requiresGrad: true);
        Tensor loss = fc.Call(X).Square().Mean();
        Tensor[] weights = [fc.Weight, fc.Bias!];
        IReadOnlyList<Tensor> slopes = Autograd.Grad([loss], weights, createGraph: true)!;
        var stepped = new Dictionary<string, Tensor> { ["weight"] = fc.Weight - rate * slopes[0], ["bias"] = fc.Bias! - rate * slopes[1] };
        fc.FunctionalCall(stepped, X).Square().Mean().Backward();
        rate.Grad.ShouldNotBeNull();
        fc.Weight.Grad.ShouldNotBeNull();
    }

    [Fact]
    public void Any_call_can_be_made()
    {
        var fc = new Linear(2, 2);
        var zeros = new Dictionary<string, Tensor> { ["weight"] = Tensor.Zeros(2, 2), ["bias"] = Tensor.Zeros(2) };
        (double Sum, int Calls) result = fc.FunctionalCall(zeros, () => (fc.Call(X).Sum().Item() + fc.Call(X * 2).Sum().Item(), 2));
        result.ShouldBe((0, 2));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_what_throws_leaves_the_module_as_it_was()
    {
        var fc = new Linear(2, 2);
        Tensor weight = fc.Weight;
        Should.Throw<StateDictException>(() =>
            fc.FunctionalCall(new Dictionary<string, Tensor> { ["wieght"] = weight }, X)).Message.ShouldContain("it has weight, bias");
        Should.Throw<StateDictException>(() =>
            fc.FunctionalCall(new Dictionary<string, Tensor> { ["weight"] = X[0] }, X)).Message.ShouldContain("[2]");
        Should.Throw<ShapeException>(() => fc.FunctionalCall(new Dictionary<string, Tensor> { ["weight"] = X }, Tensor.Ones(2, 3)));
        fc.Weight.ShouldBeSameAs(weight);
        var net = new Everywhere();
        Should.Throw<StateDictException>(() =>
            net.FunctionalCall(new Dictionary<string, Tensor> { ["own"] = X[0], ["tied"] = X[1] }, X)).Message.ShouldContain(
                "another name");
    }
}
