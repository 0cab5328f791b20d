namespace Adjoint.Tests.Parity;

/// <summary>
/// Random programs full of views, changes in place and blocks without recording: forward mode, reverse mode and each over the other give
/// the same derivatives. ADJOINT_FORWARD_SEEDS=FIRST,COUNT looks at others.
/// </summary>
public class ForwardFuzzTests
{
    private static readonly int[] s_seeds =
        (Environment.GetEnvironmentVariable("ADJOINT_FORWARD_SEEDS") ?? "0,1000").Split(',').Select(int.Parse).ToArray();

    [Fact]
    public void Every_way_gives_the_same_derivatives()
    {
        var wrong = new List<string>();
        int second = 0, changed = 0;
        for (int seed = s_seeds[0]; seed < s_seeds[0] + s_seeds[1]; seed++)
        {
            Program program = RandomProgram.Of(seed);
            if (program.Code.Any(line => line.Name.EndsWith('_') || line.Name.Contains("setitem"))) changed++;
            if (Fault(program, ref second) is null) continue;
            int none = 0;
            program = RandomProgram.Shrunk(program, shorter => Fault(shorter, ref none) is not null);
            wrong.Add($"{seed}: {Fault(program, ref none)}: {Text(program)}");
        }
        wrong.ShouldBeEmpty();
        // Were nothing changed in place, or no second derivative had, nothing would have been compared.
        changed.ShouldBeGreaterThan(s_seeds[1] / 2);
        second.ShouldBeGreaterThan(s_seeds[1] / 2);
    }

    private static string? Fault(Program program, ref int second)
    {
        try
        {
            return Difference(program, ref second);
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name} {e.Message}";
        }
    }

    private static string? Difference(Program program, ref int second)
    {
        (Tensor loss, Tensor[] gradients) = RandomProgram.Gradients(program).ShouldNotBeNull();
        Tensor[] v = Directions(program.Inputs());
        double slope = Dot(gradients, v), size = Size(gradients);
        // In forward mode a function may change its arguments.
        (IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> products) = Transforms.Jvp(xs => [program.Loss(xs)], program.Inputs(), v);
        if (Far(values[0].Item<double>(), loss.Item<double>(), 1)) return "value";
        if (Far(products[0].Item<double>(), slope, size)) return $"forward {products[0].Item<double>()}, reverse {slope}";
        if (Far(Jvp(RandomProgram.OfCopies(program), program.Inputs(), v).Item<double>(), slope, size)) return "forward of copies";

        Tensor[] hv;
        try
        {
            hv = [.. Transforms.Vhp(RandomProgram.OfCopies(program), program.Inputs(), v).Products];
        }
        catch (VersionException)
        {
            return null; // what second derivatives need was changed
        }
        second++;
        double bend = Dot(hv, v), sharp = Math.Max(size, Size(hv));
        if (!(sharp < 1e5)) return null;
        try
        {
            return Second(program, v, bend, sharp);
        }
        catch (VersionException)
        {
            // Which of the saved tensors a way needs differs: of changed eigenvalues reverse over reverse needs none where what is behind
            // them is a constant, and the others do. None of them gives another number.
            return null;
        }
    }

    private static string? Second(Program program, Tensor[] v, double bend, double sharp)
    {
        double twice = Jvp(xs => Jvp(program.Loss, xs, v), program.Inputs(), v).Item<double>();
        if (Far(twice, bend, sharp)) return $"forward over forward {twice}, reverse over reverse {bend}";
        double over = Dot(Transforms.Vjp(xs => [Jvp(RandomProgram.OfCopies(program), xs, v)], program.Inputs()).Products, v);
        if (Far(over, bend, sharp)) return $"reverse over forward {over}, reverse over reverse {bend}";
        double under = Dot([.. Transforms.Hvp(RandomProgram.OfCopies(program), program.Inputs(), v).Products], v);
        return Far(under, bend, sharp) ? $"forward over reverse {under}, reverse over reverse {bend}" : null;
    }

    private static Tensor Jvp(Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, Tensor[] v) =>
        Transforms.Jvp(x => [f(x)], xs, v).Products[0];

    private static bool Far(double found, double expected, double size) =>
        !(Math.Abs(found - expected) <= 1e-8 * Math.Max(Math.Max(1, size), Math.Abs(expected)));

    private static double Dot(IReadOnlyList<Tensor> a, Tensor[] b) => a.Select((x, i) => (x.Detach() * b[i]).Sum().Item<double>()).Sum();

    private static double Size(Tensor[] tensors) => tensors.Max(x => x.NumEl == 0 ? 0 : x.Detach().Abs().Max().Item<double>());

    private static Tensor[] Directions(Tensor[] inputs) =>
        [.. inputs.Select(x => (Tensor.Arange(x.NumEl).To(DType.Float64) * 0.7 + 1.0).Cos().Reshape(x.Shape))];

    private static string Text(Program program)
    {
        IEnumerable<string> shapes = program.Shapes.Select(s => $"[{string.Join(",", s)}]"), lines = program.Code.Select((line, i) =>
            $"r{i + program.Shapes.Length}={line.Name}({string.Join(",", line.Registers)};{string.Join(",", line.Numbers)})");
        return string.Join(" ", shapes.Concat(lines));
    }
}
