using System.Numerics;

namespace Adjoint.Tests.Tensors;

/// <summary>The table of dtypes says what C#, PyTorch and the dispatch say.</summary>
public class DTypeTests
{
    public static TheoryData<DType> All => [.. Enum.GetValues<DType>()];

    [Fact]
    public void There_is_a_row_for_each_dtype_in_the_order_of_the_enum_floating_ones_first_and_truth_last()
    {
        DTypes.Rows.Select(row => row.DType).ShouldBe(Enum.GetValues<DType>());
        DTypes.Rows.Select((row, i) => (int)row.DType - i).ShouldAllBe(distance => distance == 0);
        DTypes.Rows.Select(row => row.Kind).ShouldBeInOrder(SortDirection.Descending);
        DTypes.Rows.Count(row => row.Kind == DTypeKind.Truth).ShouldBe(1);
    }

    [Fact]
    public void Each_kind_has_one_default_and_names_are_given_once()
    {
        foreach (IGrouping<DTypeKind, DTypeRow> kind in DTypes.Rows.GroupBy(row => row.Kind)) kind.Count(row => row.IsDefault).ShouldBe(1);
        DTypes.Rows.Select(row => row.TorchName).ShouldBeUnique();
        DTypes.Rows.Select(row => row.TorchTensor).ShouldBeUnique();
        DTypes.Rows.Select(row => row.SafeTensors).ShouldBeUnique();
        DTypes.Rows.Select(row => row.CSharp).ShouldBeUnique();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_dispatched_is_the_type_that_the_row_names(DType dtype)
    {
        DTypeRow row = dtype.Row;
        // Truth values are worked on as bytes.
        Type worked = dtype.IsBool ? typeof(byte) : row.Element;
        var number = new NumberProbe();
        Dispatch.Number(dtype, ref number);
        number.Seen.ShouldBe(worked);
        var elements = new ElementProbe();
        Dispatch.Elements(dtype, ref elements);
        elements.Seen.ShouldBe(worked);
        elements.Floating.ShouldBe(dtype.IsFloatingPoint);
        var moving = new MovingProbe();
        Dispatch.Moving(dtype, ref moving);
        moving.Size.ShouldBe(row.Size);
        if (dtype.IsFloatingPoint)
        {
            var floating = new FloatingProbe();
            Dispatch.Floating(dtype, "Probe", ref floating);
            floating.Seen.ShouldBe(worked);
            floating.Epsilon.ShouldBe(row.Epsilon);
            floating.Largest.ShouldBe(row.Largest);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_dtype_is_found_by_its_names(DType dtype)
    {
        DTypes.OfSafeTensors(dtype.Row.SafeTensors).ShouldBe(dtype);
        dtype.Row.TorchName.ShouldBe(dtype.ToString().ToLowerInvariant());
    }

    [Fact]
    public void Elements_of_csharp_types_have_their_dtype_and_others_are_refused_by_name()
    {
        DTypes.Of<float>().ShouldBe(DType.Float32);
        DTypes.Of<double>().ShouldBe(DType.Float64);
        DTypes.Of<int>().ShouldBe(DType.Int32);
        DTypes.Of<long>().ShouldBe(DType.Int64);
        DTypes.Of<byte>().ShouldBe(DType.UInt8);
        DTypes.Of<bool>().ShouldBe(DType.Bool);
        Should.Throw<DTypeException>(() => DTypes.Of<decimal>()).Message
            .ShouldBe("No tensor holds elements of type Decimal; use float, double, int, long, byte or bool.");
    }

    /// <summary>PyTorch's torch.promote_types.</summary>
    [Theory]
    [InlineData(DType.Float32, DType.Float64, DType.Float64)]
    [InlineData(DType.Float32, DType.Int64, DType.Float32)]
    [InlineData(DType.Int32, DType.Int64, DType.Int64)]
    [InlineData(DType.UInt8, DType.Int32, DType.Int32)]
    [InlineData(DType.UInt8, DType.Bool, DType.UInt8)]
    [InlineData(DType.Float64, DType.Bool, DType.Float64)]
    public void Two_dtypes_are_promoted_to_the_one_that_holds_both(DType a, DType b, DType both)
    {
        DTypes.Promote(a, b).ShouldBe(both);
        DTypes.Promote(b, a).ShouldBe(both);
        DTypes.Promote(a, a).ShouldBe(a);
    }

    [Fact]
    public void What_is_no_dtype_is_refused_by_number()
    {
        Should.Throw<DTypeException>(() => Tensor.Zeros([2, 2], (DType)77)).Message
            .ShouldBe("There is no dtype 77. The dtypes are Float32, Float64, Int32, Int64, UInt8, Bool.");
        Should.Throw<DTypeException>(() => Tensor.Scalar(1, (DType)6));
        Should.Throw<DTypeException>(() => Tensor.Ones(3).To((DType)200));
        Should.Throw<DTypeException>(() => ((DType)255).TorchName);
        ((DType)200).IsFloatingPoint.ShouldBeFalse();
    }

    private struct NumberProbe : INumberWork
    {
        public Type? Seen;

        public void Run<T>() where T : unmanaged, INumber<T> => Seen = typeof(T);
    }

    private struct ElementProbe : IElementWork
    {
        public Type? Seen;
        public bool Floating;

        void IElementWork.Floating<T>() => (Seen, Floating) = (typeof(T), true);

        public void Whole<T>() where T : unmanaged, IBinaryInteger<T> => Seen = typeof(T);
    }

    private struct MovingProbe : IMovingWork
    {
        public int Size;

        public unsafe void Run<T>() where T : unmanaged => Size = sizeof(T);
    }

    private struct FloatingProbe : IFloatingWork
    {
        public Type? Seen;
        public double Epsilon, Largest;

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Seen = typeof(T);
            Epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);
            Largest = double.CreateChecked(T.BitDecrement(T.PositiveInfinity));
        }
    }
}
