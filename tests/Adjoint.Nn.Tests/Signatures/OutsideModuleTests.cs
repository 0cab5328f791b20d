using System.Collections;
using Adjoint.Nn;
using Adjoint.Optim;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Signatures;

using Linear = Adjoint.Nn.Linear;

/// <summary>
/// Modules as programs write them that know nothing of ours: containers of their own, odd signatures, shared parts. Whatever is derived is
/// saved and loaded, copied, converted, trained and evaluated, printed and called with other parameters.
/// </summary>
public class OutsideModuleTests
{
    private static Tensor X => Tensor.From([[1f, -2f, 3f], [0.5f, 1, -1]]);

    // A container of one's own, with types of its own.
    private sealed class Ring<T> : Module<Tensor, Tensor>, IEnumerable<T> where T : Module<Tensor, Tensor>
    {
        private readonly List<T> _parts = [];

        public int Turns { get; init; } = 1;

        public void Add(T part) => _parts.Add(part);

        protected override Tensor Forward(Tensor x)
        {
            for (int turn = 0; turn < Turns; turn++)
                foreach (T part in _parts) x = part.Call(x);
            return x;
        }

        public IEnumerator<T> GetEnumerator() => _parts.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private class Turning(int n, int seed) : Module<Tensor, Tensor>
    {
        public readonly Linear inner = new(n, n, generator: new Generator(seed));

        public double Angle { get; set; } = 0.5;

        protected override Tensor Forward(Tensor x) => inner.Call(x) * Angle;

        protected override string ExtraText => $"angle={Angle}";
    }

    // Optional tensors in and out, a number, and an enumeration.
    private enum Mode { Soft, Hard }

    private sealed record Attended(Tensor Y, Tensor? Weights, Mode Mode);

    private sealed class Attention(int n) : Module<Tensor, Tensor?, Mode, Attended>
    {
        private readonly Linear _query = new(n, n, generator: new Generator(1)), _key = new(n, n, generator: new Generator(2));
        private readonly Tensor _calls = Tensor.Zeros([], DType.Int64).AsBuffer();

        protected override Attended Forward(Tensor x, Tensor? mask, Mode mode)
        {
            if (Training)
                using (Autograd.NoGrad()) _calls.AddInPlace(1);
            Tensor scores = _query.Call(x).MatMul(_key.Call(x).T);
            if (mask is not null) scores = scores.MaskedFill(mask, double.NegativeInfinity);
            Tensor weights = mode == Mode.Soft ? scores.Softmax(-1) : scores.Sigmoid();
            return new(weights.MatMul(x), Training ? null : weights, mode);
        }
    }

    // Typed modules in a dictionary of ours; one module and one parameter in two places.
    private sealed class Tied : Module<Tensor, string, (Tensor Code, Tensor Back)>
    {
        public readonly ModuleDict Ways = new() { ["ring"] = new Ring<Turning> { new(3, 4), new(3, 5) }, ["plain"] = new Turning(3, 6) };
        public readonly Tensor Weight = Tensor.From([[1f, 0, 2], [0, 1, 0]]).AsParameter();
        public readonly Tensor Same;
        public readonly Turning First;

        public Tied() => (Same, First) = (Weight, (Turning)Ways["plain"]);

        protected override (Tensor Code, Tensor Back) Forward(Tensor x, string way)
        {
            Tensor code = ((Module<Tensor, Tensor>)Ways[way]).Call(x).MatMul(Weight.T);
            return (code, code.MatMul(Same));
        }
    }

    private static void Behaves<T>(Func<T> make, Func<T, Tensor> call) where T : Module
    {
        T net = make();
        Tensor y = call(net);
        string printed = net.ToString();

        // Saved and loaded.
        using var folder = new TemporaryFolder();
        net.Save(folder.File("net.safetensors"));
        T other = make();
        using (Autograd.NoGrad())
            foreach (Tensor p in other.Parameters()) p.FillInPlace(0.25);
        other.Load(folder.File("net.safetensors"));
        call(other).ElementsEqual(call(net)).ShouldBeTrue();
        other.LoadStateDict(net.StateDict());

        // Copied: the same numbers, none of the same memory, hooks not shared.
        int seen = 0;
        net.RegisterForwardPreHook((_, _) =>
        {
            seen++;
            return null;
        });
        T copy = net.DeepCopy();
        call(copy).ElementsEqual(call(net)).ShouldBeTrue();
        copy.Parameters().Count().ShouldBe(net.Parameters().Count());
        copy.NamedParameters().Select(p => p.Name).ShouldBe(net.NamedParameters().Select(p => p.Name));
        copy.Parameters().Intersect(net.Parameters()).ShouldBeEmpty();
        copy.ToString().ShouldBe(printed);
        using (Autograd.NoGrad())
            foreach (Tensor p in copy.Parameters()) p.MulInPlace(2);
        call(net).ElementsEqual(y).ShouldBeTrue();
        seen.ShouldBeGreaterThan(1);

        // Converted, in both directions, and of its own type.
        T wide = copy.To(DType.Float64);
        wide.ShouldBeSameAs(copy);
        wide.Parameters().ShouldAllBe(p => p.DType == DType.Float64);
        wide.Float().Parameters().ShouldAllBe(p => p.DType == DType.Float32);
        net.Eval().Modules().ShouldAllBe(m => !m.Training);
        net.Train().Modules().ShouldAllBe(m => m.Training);
        net.Apply(_ => { }).ShouldBeSameAs(net);

        // Trained: every parameter gets a gradient, and the optimizer's state goes through a copy.
        net.ZeroGrad();
        call(net).Square().Sum().Backward();
        net.Parameters().ShouldAllBe(p => p.Grad != null);
        var optimizer = new Adam(net.Parameters());
        optimizer.Step();
        new Adam(make().Parameters()).LoadStateDict(optimizer.StateDict());

        // Called with other parameters, which get the gradients.
        Dictionary<string, Tensor> others = net.NamedParameters().ToDictionary(p => p.Name, p => (p.Parameter.Detach() * 0.5).RequiresGradInPlace());
        net.ZeroGrad();
        net.FunctionalCall(others, () => call(net)).Sum().Backward();
        others.Values.ShouldAllBe(p => p.Grad != null);
        net.Parameters().ShouldAllBe(p => p.Grad == null);
        net.ToString().ShouldBe(printed);
        net.DebuggerText.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_container_of_ones_own() =>
        Behaves(() => new Ring<Turning> { new(3, 1), new(3, 2) }, net => net.Call(X));

    [Fact]
    public void Optional_tensors_in_and_out() =>
        Behaves(() => new Attention(3), net => net.Call(X, Tensor.From([[false, true], [false, false]]), Mode.Soft).Y);

    [Fact]
    public void Shared_parts_and_typed_modules_in_a_dictionary()
    {
        Behaves(() => new Tied(), net => net.Call(X, "ring").Code + net.Call(X, "plain").Code);
        Tied copy = new Tied().DeepCopy();
        copy.Same.ShouldBeSameAs(copy.Weight);
        copy.First.ShouldBeSameAs(copy.Ways["plain"]);
        Tied tied = new Tied().Double();
        tied.Same.ShouldBeSameAs(tied.Weight);
        tied.First.inner.Weight.DType.ShouldBe(DType.Float64);
    }

    [Fact]
    public void Hooks_see_what_goes_in_and_out_of_each()
    {
        var net = new Attention(3);
        List<string> seen = [];
        net.RegisterForwardPreHook((_, tensors) =>
        {
            seen.Add($"in {tensors.Length}");
            return null;
        });
        net.RegisterForwardHook((input, y) =>
        {
            var (_, mask, mode) = input;
            seen.Add($"{mask is null} {mode} {y.Weights is null}");
            return y with { Mode = Mode.Hard };
        });
        net.RegisterFullBackwardHook((_, gradIn, gradOut) =>
        {
            seen.Add($"back {gradIn.Length} {gradOut.Length}");
            return null;
        });
        Attended result = net.Call(X.RequiresGradInPlace(), null, Mode.Soft);
        result.Mode.ShouldBe(Mode.Hard);
        result.Y.Sum().Backward();
        net.Eval().Call(X, Tensor.From([[false, true], [false, false]]), Mode.Hard).Weights.ShouldNotBeNull();
        seen.ShouldBe(["in 1", "True Soft True", "back 1 1", "in 2", "False Hard False"]);
    }

    private sealed class Twice<TOptions>(Tensor p, TOptions options) : Optimizer<TOptions>([p], options) where TOptions : class
    {
        protected override void Step(ParamGroup group, TOptions options) => StateOf(X);
    }

    /// <summary>Generic types too are called as they are written.</summary>
    [Fact]
    public void Errors_name_generic_types_as_the_program_does()
    {
        var ring = new Ring<Turning> { new(3, 1) };
        ring.DebuggerText.ShouldStartWith("Ring<Turning> (");
        var optimizer = new Twice<SgdOptions>(X.RequiresGradInPlace(), new());
        optimizer.ParamGroups[0].Parameters[0].Grad = X;
        Should.Throw<ArgumentException>(optimizer.Step).Message.ShouldStartWith("Twice<SgdOptions>: a tensor");
    }

    [Fact]
    public void What_is_printed_names_the_parts() => new Tied().ToString().ShouldBe(
        """
        Tied(
          (ways): ModuleDict(
            (ring): Ring<Turning>(
              (parts.0): Turning(
                angle=0.5
                (inner): Linear(in_features=3, out_features=3, bias=True)
              )
              (parts.1): Turning(
                angle=0.5
                (inner): Linear(in_features=3, out_features=3, bias=True)
              )
            )
            (plain): Turning(
              angle=0.5
              (inner): Linear(in_features=3, out_features=3, bias=True)
            )
          )
          (first): Turning(
            angle=0.5
            (inner): Linear(in_features=3, out_features=3, bias=True)
          )
        )
        """);
}
