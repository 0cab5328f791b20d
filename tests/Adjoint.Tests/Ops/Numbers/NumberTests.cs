using System.Globalization;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Ops.Numbers;

/// <summary>What numbers are by themselves, what reads as a number, and what reads as a dimension.</summary>
public class NumberTests
{
    [Fact]
    public void The_faults_that_were_found_are_mended()
    {
        Tensor x = Tensor.From([1.0]);
        x.Add(0.2).Item().ShouldBe(1.2);
        x.Mul(0.1).Item().ShouldBe(0.1);
        x.Maximum(1.1).Item().ShouldBe(1.1);
        x.Lerp(Tensor.From([2.0]), 0.1).Item().ShouldBe(1.1);
        x.Lerp(2.2, 1).Item().ShouldBe(2.2);
        x.Xlogy(0.1).Item().ShouldBe(Math.Log(0.1));
        x.Atan2(0.1).Item().ShouldBe(Math.Atan2(1, 0.1));
        (Tensor.From([1L]) + 5L).DType.ShouldBe(DType.Int64);
        Tensor.From([0L]).Add(9007199254740993L).Item<long>().ShouldBe(9007199254740993);
        x.Add(16777217L).Item().ShouldBe(16777218);
        x[0] = 0.1;
        x.Item().ShouldBe(0.1);
    }

    [Fact]
    public void Alone_it_is_a_tensor_of_the_default_dtype()
    {
        Tensor real = 0.1, whole = 3, truth = true;
        (real.DType, whole.DType, truth.DType).ShouldBe((DType.Float32, DType.Int64, DType.Bool));
        real.ToString().ShouldBe("tensor(0.1000)");
        real.AsSpan<float>()[0].ShouldBe(0.1f);
        real.Sin().DType.ShouldBe(DType.Float32);
        Tensor m = [1.0, 0.1], mixed = [1, 0.5], doubles = [Tensor.Scalar(1, DType.Float64), 0.1];
        (m.DType, mixed.DType, doubles.DType).ShouldBe((DType.Float32, DType.Float32, DType.Float64));
        doubles.ToArray<double>().ShouldBe([1, 0.1]);
        (real + real).DType.ShouldBe(DType.Float32);
        (whole + real).DType.ShouldBe(DType.Float32);
    }

    [Fact]
    public void What_is_written_to_is_a_tensor_and_no_number_any_more()
    {
        Tensor doubles = Tensor.Zeros([1], DType.Float64);
        foreach (
            Action<Tensor> write in (Action<Tensor>[])[
                t => t.FillInPlace(3), t => t.View(1).FillInPlace(3), t => t.AsSpan<float>()[0] = 3, t => t.View(1).AsSpan<float>()[0] = 3,
                t => t.AddInPlace(2.9)])
        {
            Tensor t = 0.1;
            write(t);
            (doubles + t).Item().ShouldBe(3, 1e-7);
        }
        Tensor leaf = 0.1;
        leaf.RequiresGradInPlace();
        (doubles + leaf).Item().ShouldBe(0.1f);
        (leaf * leaf).Backward();
        leaf.Grad!.DType.ShouldBe(DType.Float32);
    }

    [Fact]
    public void Gradients_see_the_exact_number()
    {
        Tensor x = Tensor.From([2.0], requiresGrad: true);
        x.Mul(0.1).Backward();
        x.Grad!.Item().ShouldBe(0.1);
        x.Grad = null;
        x.Pow((Tensor)1.1).Backward();
        x.Grad!.Item().ShouldBe(1.1 * Math.Pow(2, 0.1), 1e-15);
        Transforms.Hessian(v => v.Mul(0.1).Mul(v).Sum(), x.Detach()).Item().ShouldBe(0.2, 1e-16);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Tensor bytes = Tensor.Zeros([2], DType.UInt8);
        Should.Throw<DTypeException>(() => bytes.FillInPlace(300)).Message.ShouldContain("300");
        Should.Throw<DTypeException>(() => Tensor.Where(bytes < 1, bytes, 300));
        Should.Throw<DTypeException>(() => Tensor.Full([2], double.NaN, DType.Int64));
        Should.Throw<DTypeException>(() => Tensor.From([1L]).Add(Tensor.From([1L]), 0.5)).Message.ShouldContain("0.5");
        (bytes < 300).ToArray<bool>().ShouldBe([true, true]);
        (Tensor.From([16777217L]) == 16777216.0).Item<bool>().ShouldBeFalse();
        Should.Throw<ArgumentException>(() => bytes + ulong.MaxValue);
    }

    [Fact] // F2
    public void A_whole_number_names_a_dimension()
    {
        Tensor x = Tensor.From([1.0, 2, 4, 8]).Reshape(2, 2);
        x.Std(0).ToArray<double>().ShouldBe((x.Std([0])).ToArray<double>());
        x.Var(1).ToArray<double>().ShouldBe((x.Var([1])).ToArray<double>());
        x.Var(1, keepDim: true).ToArray<double>().ShouldBe((x.Var([1], keepDim: true)).ToArray<double>());
        x.Var(1, 0, true).ToArray<double>().ShouldBe((x.Var([1], 0, true)).ToArray<double>());
        x.Var(correction: 0).ToArray<double>().ShouldBe((x.Var([], 0)).ToArray<double>());
        x.Std(-1).ToArray<double>().ShouldBe((x.Std([1])).ToArray<double>());
    }

    [Fact] // G15
    public void What_is_empty_or_of_numbers_alone_is_not_ambiguous()
    {
        new Sequential().Count.ShouldBe(0);
        new Sequential { new Adjoint.Nn.Linear(2, 3), new ReLU() }.Count.ShouldBe(2);
        new Sequential { { "fc", new Adjoint.Nn.Linear(2, 3) } }.NamedParameters().First().Name.ShouldBe("fc.weight");
        Tensor signs = Tensor.Where(Tensor.From([true, false]), 1.0, -1.0);
        signs.DType.ShouldBe(DType.Float32);
        signs.ToArray<float>().ShouldBe([1, -1]);
        Tensor.Where(Tensor.From([true]), 1, -1).DType.ShouldBe(DType.Int64);
        foreach (
            Func<Optimizer> make in (Func<Optimizer>[])[
                () => new SGD([]), () => new Adam([]), () => new AdamW([]), () => new RMSprop([]), () => new Adagrad([])])
            Should.Throw<ArgumentException>(make).Message.ShouldContain("empty");
    }

    [Fact] // G16
    public void One_element_formats_as_a_number_and_several_in_rows()
    {
        Tensor loss = Tensor.Scalar(0.123456), x = Tensor.From([1f, 2.5f, -3, 4]).Reshape(2, 2);
        $"{loss:F4}".ShouldBe("0.1235");
        $"{loss,8:F2}|".ShouldBe("    0.12|");
        $"{loss}".ShouldBe(loss.ToString());
        string.Format(new NumberFormatInfo { NumberDecimalSeparator = "," }, "{0:F2}", loss).ShouldBe("0,12");
        $"{x:F1}".ShouldBe("[[1.0, 2.5], [-3.0, 4.0]]");
        $"{Tensor.From([7L]):D3}".ShouldBe("007");
        $"{Tensor.Zeros(2000):F0}".ShouldBe("[0, 0, 0, ..., 0, 0, 0]");
        $"{Tensor.Zeros(2, 0):F0}".ShouldBe("[[], []]");
        Should.Throw<FormatException>(() => $"{loss:Q}");
    }
}
