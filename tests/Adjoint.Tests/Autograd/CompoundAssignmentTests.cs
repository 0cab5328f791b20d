namespace Adjoint.Tests.Differentiation;

/// <summary>b[i] op= x: what PyTorch's in-place operators give. See Note [Compound assignment].</summary>
public class CompoundAssignmentTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Fact] // asked: [3, -0.75]
    public void A_product_and_a_quotient_at_a_place()
    {
        Tensor x = Leaf(1, 2), b = Tensor.From([3.0, 3, 3]);
        b[2] *= x[0];
        b[0] /= x[1];
        b.Sum().Backward();
        Of(x.Grad).ShouldBe([3, -0.75]);
    }

    /// <summary>Operator × kind of index × history of b; the derivative by the operation that is not in place.</summary>
    [Theory]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("*")]
    [InlineData("/")]
    public void Every_operator_at_every_kind_of_place_is_the_one_out_of_place(string operation)
    {
        foreach (bool tracked in (bool[])[false, true])
            foreach (int place in Enumerable.Range(0, 5))
                foreach (bool hooked in (bool[])[false, true])
                    foreach (bool checkpointed in (bool[])[false, true])
                    {
                        Tensor x = Leaf(1.5, 2, 3), w = Tensor.From([2.0, 3, 4, 5, 6, 7], [2, 3], requiresGrad: true);
                        double[] expected, expectedW;
                        {
                            Tensor b = tracked ? w * 1.0 : w.Detach() * 1.0;
                            Mix(Apply(b, Part(x, place), place)).Backward();
                            (expected, expectedW) = (Of(x.Grad), tracked ? Of(w.Grad) : []);
                            x.Grad = w.Grad = null;
                        }
                        using SavedTensorsScope? hooks = hooked ? Autograd.SavedTensorsHooks(t => t, t => (Tensor)t) : null;
                        Func<Tensor, Tensor> f = t =>
                        {
                            Tensor b = tracked ? w * 1.0 : w.Detach() * 1.0;
                            Assign(b, Part(t, place), place);
                            return Mix(b);
                        };
                        (checkpointed ? Autograd.Checkpoint(f, x) : f(x)).Backward();
                        string which = $"{operation} at {place}, tracked {tracked}, hooks {hooked}, checkpoint {checkpointed}";
                        Of(x.Grad).ShouldBe(expected, 1e-12, which);
                        if (tracked) Of(w.Grad).ShouldBe(expectedW, 1e-12, which);
                    }

        static Tensor Mix(Tensor b) => (b.Square() * Tensor.From([1.0, 10, 100, 7, 70, 700], [2, 3])).Sum();

        static Tensor Part(Tensor x, int place) => place is 0 or 3 ? x[1] : place == 1 ? x : place == 2 ? x[..2] : x.Unsqueeze(0);

        Tensor Calculate(Tensor a, Tensor c) => operation switch { "+" => a + c, "-" => a - c, "*" => a * c, _ => a / c };

        // The same without changing b, by a mask of the place.
        Tensor Apply(Tensor b, Tensor c, int place)
        {
            Tensor mask = Tensor.Zeros([2, 3]);
            Tensor whole = place switch { 2 => Tensor.Cat([c, Tensor.Ones([1], DType.Float64)], 0), _ => c };
            switch (place)
            {
                case 0: mask[1, 2] = 1; break;
                case 1: mask[0] = 1; break;
                case 2: mask[.., ..2] = 1; break;
                case 3: mask[.., 1] = 1; break;
                default: mask.FillInPlace(1); break;
            }
            return Tensor.Where(mask > 0.5, Calculate(b, whole), b);
        }

        void Assign(Tensor b, Tensor c, int place)
        {
            switch ((operation, place))
            {
                case ("+", 0): b[1, 2] += c; break;
                case ("-", 0): b[1, 2] -= c; break;
                case ("*", 0): b[1, 2] *= c; break;
                case ("/", 0): b[1, 2] /= c; break;
                case ("+", 1): b[0] += c; break;
                case ("-", 1): b[0] -= c; break;
                case ("*", 1): b[0] *= c; break;
                case ("/", 1): b[0] /= c; break;
                case ("+", 2): b[.., ..2] += c; break;
                case ("-", 2): b[.., ..2] -= c; break;
                case ("*", 2): b[.., ..2] *= c; break;
                case ("/", 2): b[.., ..2] /= c; break;
                case ("+", 3): b[.., 1] += c; break;
                case ("-", 3): b[.., 1] -= c; break;
                case ("*", 3): b[.., 1] *= c; break;
                case ("/", 3): b[.., 1] /= c; break;
                case ("+", _): b[TensorIndex.Ellipsis] += c; break;
                case ("-", _): b[TensorIndex.Ellipsis] -= c; break;
                case ("*", _): b[TensorIndex.Ellipsis] *= c; break;
                default: b[TensorIndex.Ellipsis] /= c; break;
            }
        }
    }

    [Fact]
    public void Second_derivatives_and_forward_mode_see_the_old_values()
    {
        Func<Tensor, Tensor> f = x =>
        {
            Tensor b = x * x;
            b[0] *= x[1];
            b[1] /= x[0];
            return (b * b).Sum();
        };
        Func<Tensor, Tensor> plain = x => (x[0] * x[0] * x[1]).Square() + (x[1] * x[1] / x[0]).Square();
        Tensor at = Tensor.From([1.5, 2.0]);
        Of(Transforms.Hessian(f, at)).ShouldBe(Of(Transforms.Hessian(plain, at)), 1e-10);
        Of(Transforms.Vhp(f, at, Tensor.From([1.0, 2])).Vhp).ShouldBe(Of(Transforms.Hvp(plain, at, Tensor.From([1.0, 2])).Hvp), 1e-10);
        Of(Transforms.Jvp(f, at, Tensor.From([1.0, 2])).Jvp).ShouldBe(Of(Transforms.Jvp(plain, at, Tensor.From([1.0, 2])).Jvp), 1e-10);
    }

    [Fact]
    public void The_version_still_counts_for_everybody_else()
    {
        // Saved by an operation before: PyTorch refuses it too.
        Tensor x = Leaf(1, 2), b = x * 1.0, z = b * x;
        b[0] *= x[1];
        Should.Throw<VersionException>(() => z.Sum().Backward());

        // A view at another place, which a later assignment changes.
        Tensor y = Leaf(2), c = Tensor.From([1.0, 2]) * 1.0;
        Tensor product = c[0] * y[0];
        c[1] = product;
        Should.Throw<VersionException>(() => c.Sum().Backward());

        // An alias that a hook kept, or a checkpoint recomputed, is no copy either.
        Tensor v = Leaf(2), h;
        using (Autograd.SavedTensorsHooks(t => t, t => (Tensor)t))
        {
            Tensor u = v * 1.0;
            h = u * u;
            u.AddInPlace(1);
        }
        Should.Throw<VersionException>(() => h.Backward());
        Should.Throw<VersionException>(() => Autograd.Checkpoint(
            t =>
            {
                Tensor u = t * 1.0, square = u * u;
                u.AddInPlace(1);
                return square + u;
            }, v).Backward());
    }

    [Fact] // See docs/decisions/0016.
    public void A_slot_that_is_assigned_a_step_says_so_and_stays_as_it_was()
    {
        var layer = new Adjoint.Nn.Linear(2, 1);
        Tensor weight = layer.Weight, g = Tensor.Ones(1, 2);
        float[] before = weight.ToArray<float>();
#pragma warning disable ADJ0003 // what the analyzer warns of is what is tested
        using (Autograd.NoGrad()) Should.Throw<Adjoint.Nn.SlotException>(() => layer.Weight -= 0.1 * g).Message.ShouldContain("SubInPlace");
        Should.Throw<Adjoint.Nn.SlotException>(() => layer.Weight -= 0.1 * g).Message.ShouldContain("Linear.Weight");
#pragma warning restore ADJ0003
        layer.Weight.ShouldBeSameAs(weight);
        weight.ToArray<float>().ShouldBe(before);
        using (Autograd.NoGrad()) layer.Weight.SubInPlace(0.1 * g);
        weight.ToArray<float>().ShouldBe([before[0] - 0.1f, before[1] - 0.1f], 1e-6f);
    }

    [Fact]
    public void A_variable_is_another_tensor_afterwards_and_what_it_was_is_as_it_was()
    {
        Tensor loss = Leaf(1, 2) * 1.0, total = loss, w = Leaf(3, 4), old = w;
        total += 5;
        Of(loss).ShouldBe([1, 2]);
        Of(total).ShouldBe([6, 7]);
        using (Autograd.NoGrad()) w -= 0.5;
        (w.IsLeaf, w.RequiresGrad).ShouldBe((true, false));
        Of(w).ShouldBe([2.5, 3.5]);
        old.RequiresGrad.ShouldBeTrue();
        Of(old).ShouldBe([3, 4]);
        Tensor[] rows = [loss];
        rows[0] *= 2;
        Of(loss).ShouldBe([1, 2]);
    }

    /// <summary>Kind of index, through get and set: a view, a copy, both.</summary>
    [Fact]
    public void Parts_that_are_copies_when_they_are_read_are_changed_all_the_same()
    {
        Tensor b = Tensor.From([1.0, 2, 3, 4], [2, 2]);
        b[b > 2.5] *= 10;
        b[Tensor.From([0L]), 1] += 5;
        b[.., TensorIndex.Slice(step: 2)] -= 1;
        b[new[] { 1 }] /= 2;
        Of(b).ShouldBe([0, 7, 14.5, 20]);
        var named = new Dictionary<string, Tensor> { ["b"] = b };
        named["b"] += 1;
        Of(named["b"]).ShouldBe([1, 8, 15.5, 21]);
        Of(b).ShouldBe([0, 7, 14.5, 20]);
    }

    /// <summary>What decision 0016 says of the language: an instance operator is for variables, and a property is assigned.</summary>
    [Fact]
    public void An_instance_operator_would_be_used_for_variables_and_not_for_properties() => Snippets.CompileMembers("""
        public sealed class Box
        {
            public static Box operator +(Box x, int n) => new();
            public void operator +=(int n) => Changed++;
            public int Changed;
        }
        private static Box s_box = new();
        private static int s_assigned;
        private static Box Property { get => s_box; set { s_box = value; s_assigned++; } }
        public static object E0()
        {
            Box variable = new(), same = variable;
            variable += 1;
            Property += 1;
            return (same.Changed, s_box.Changed, s_assigned);
        }
        """, 1, "E")[0].Invoke(null, []).ShouldBe((1, 0, 1));
}
