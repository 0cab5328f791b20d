using System.Reflection;
using Adjoint.Nn;

namespace Adjoint.Tests.Differentiation;

/// <summary>Whatever draws random numbers draws the same again in a checkpoint, from its own generator or the default one (F9).</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CheckpointDrawTests
{
    private static readonly (string Name, Func<Tensor, Tensor> Of)[] Layouts =
    [
        ("contiguous", x => x), ("transposed", x => x.T),
            ("every second", x => Tensor.Stack([x, x], 2).Flatten(1)[.., TensorIndex.Slice(step: 2)]),
            ("expanded", x => x[..1].Expand(4, 4)),
        ("without dimensions", x => x[0, 1]), ("empty", x => x[..0]),
    ];

    private static readonly MethodInfo[] Draws = [.. new[] { typeof(Tensor), typeof(F), typeof(Init) }
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(m => m.GetParameters().Any(p => p.ParameterType == typeof(Generator)))];

    public static TheoryData<string> Names => [.. Draws.Select(m => m.ToString()!).Distinct()];

    [Theory, MemberData(nameof(Names))]
    public void What_is_drawn_in_a_checkpoint_is_drawn_once_and_again(string name)
    {
        int compared = 0;
        foreach (MethodInfo method in Draws.Where(m => m.ToString() == name))
            foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
                foreach ((string layout, Func<Tensor, Tensor> lay) in Layouts)
                    foreach (bool own in (bool[])[true, false])
                    {
                        string what = $"{method} of {dtype}, {layout}, {(own ? "own" : "default")} generator";
                        Tensor x =
                            Tensor.From([.. Enumerable.Range(0, 16).Select(i => 0.1 + 0.05 * i)], [4, 4]).To(dtype).RequiresGradInPlace();
                        Generator stream = own ? new Generator(5) : Rng.Default;
                        Tensor F(Tensor t) =>
                            Draw(method, Spatial(method, lay(t)), own ? stream : null) is var y && y.DType == dtype
                            ? y.Sin().Sum() + t.Sum() : t.Sum() * y.To(DType.Float64).Sum().Item();

                        stream.ManualSeed(7);
                        Tensor plain;
                        try
                        {
                            plain = F(x * 1);
                        }
                        catch (TargetInvocationException e) when (e.InnerException is TensorException or ArgumentException)
                        {
                            continue;
                        }
                        byte[] state = stream.GetState();
                        float[] gradient = Autograd.Grad(plain, x).ToArray<float>();

                        stream.ManualSeed(7);
                        Tensor y = Autograd.Checkpoint(F, x * 1);
                        y.Item().ShouldBe(plain.Item(), what);
                        stream.GetState().ShouldBe(state, what);
                        Tensor.Rand([3], generator: stream);
                        byte[] later = stream.GetState();
                        Autograd.Grad(y, x).ToArray<float>().ShouldBe(gradient, what);
                        stream.GetState().ShouldBe(later, what);
                        compared++;
                    }
        compared.ShouldBeGreaterThan(3);
    }

    // What drops whole channels takes no matrix.
    private static Tensor Spatial(MethodInfo method, Tensor x) =>
        x.NumEl != 16 ? x
        : method.Name.Contains("2d", StringComparison.Ordinal) ? x.Reshape(2, 2, 2, 2)
        : method.Name.Contains("3d", StringComparison.Ordinal) ? x.Reshape(1, 2, 2, 2, 2) : x;

    private static Tensor Draw(MethodInfo method, Tensor x, Generator? generator)
    {
        int tensors = 0;
        object?[] arguments = [.. method.GetParameters().Select(p => p.ParameterType switch
        {
            var t when t == typeof(Generator) => generator,
            // The places that are drawn unless they are given.
            var t when t == typeof(Tensor) && p.Name == "samples" => null,
            var t when t == typeof(Tensor) => tensors++ == 0 && method.IsStatic ? Target(method, x) : x.Abs(),
            var t when t == typeof(Shape) => (Shape)x.Shape,
            var t when t == typeof(Sizes) && method.Name.StartsWith("FractionalMaxPool", StringComparison.Ordinal) =>
                (Sizes)1,
            var t when t == typeof(DType) => p.HasDefaultValue ? Enum.ToObject(t, p.DefaultValue!) : DType.Float32,
            var t when t == typeof(bool) => p.Name == "training" || (p.HasDefaultValue && (bool)p.DefaultValue!),
            var t when t == typeof(long) => p.Name == "high" ? 9L : 1L,
            var t when t == typeof(int) => p.Name == "n" ? 6 : 1,
            var t when t == typeof(double) => p.Name == "high" ? 0.9 : 0.5,
            _ => p.HasDefaultValue ? p.DefaultValue : null,
        })];
        object? result = method.Invoke(method.IsStatic ? null : Target(method, x), arguments);
        return PublicResult(result);
    }

    // What is changed in place is a copy in the same layout.
    private static Tensor Target(MethodInfo method, Tensor x) =>
        method.DeclaringType == typeof(Init) ? x.Detach().Clone() : method.Name.EndsWith("InPlace", StringComparison.Ordinal) ? x * 1 : x;

    private static Tensor PublicResult(object? result) => Ops.PublicCall.TensorsIn(result).First();
}
