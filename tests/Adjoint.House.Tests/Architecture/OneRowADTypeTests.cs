namespace Adjoint.Tests.Architecture;

/// <summary>
/// A dtype is a member of the enum, a row, and a line in each dispatch: Note [One row a dtype]. Here 16-bit integers are put in.
/// </summary>
public class OneRowADTypeTests
{
    private static ChangedSource Changed()
    {
        const string folder = "src/Adjoint/Tensor/", algebra = "src/Adjoint.Algebra/", kernels = "src/Adjoint.Kernels/";
        var source = new ChangedSource();
        source.AddAfter(folder + "DType.cs", "UInt8,", "    /// <summary>Signed 16-bit integers.</summary>\n    Int16,");
        source.ReplaceLine(folder + "DTypes.cs", """new(DType.Bool, DTypeKind.Truth, typeof(bool), "bool", 1, "bool", "BoolTensor", "BOOL")""",
            """new(DType.Int16, DTypeKind.Whole, typeof(short), "short", 2, "int16", "ShortTensor", "I16") { Least = short.MinValue, Most = short.MaxValue },""",
            """new(DType.Bool, DTypeKind.Truth, typeof(bool), "bool", 1, "bool", "BoolTensor", "BOOL")""");
        source.AddAfter(
            folder + "Dispatch.cs", "case DType.Int64: work.Run<long>(); break;", "case DType.Int16: work.Run<short>(); break;");
        source.AddAfter(
            folder + "Dispatch.cs", "case DType.Int64: work.Whole<long>(); break;", "case DType.Int16: work.Whole<short>(); break;");
        source.AddAfter(folder + "Dispatch.cs", "case 1: work.Run<byte>(); break;", "case 2: work.Run<short>(); break;");
        // What the kernels know of the type: how it becomes others.
        source.AddAfter(algebra + "Registers/Numbers.cs", "if (typeof(T) == typeof(int)) return Unsafe.BitCast<int, T>((int)value);",
            "if (typeof(T) == typeof(short)) return Unsafe.BitCast<short, T>((short)value);");
        source.AddAfter(algebra + "Registers/Numbers.cs", "if (typeof(T) == typeof(int)) return Unsafe.BitCast<T, int>(value);",
            "if (typeof(T) == typeof(short)) return Unsafe.BitCast<T, short>(value);");
        source.AddAfter(kernels + "Elementwise/Cast.cs", "if (typeof(TTo) == typeof(int)) return Unsafe.BitCast<int, TTo>((int)number);",
            "if (typeof(TTo) == typeof(short)) return Unsafe.BitCast<short, TTo>((short)number);");
        // Written out: no source generator runs here.
        source.ReplaceLine(kernels + "Memory/Pages.cs", """[LibraryImport("libc", EntryPoint = "madvise")]""", """[DllImport("libc", EntryPoint = "madvise")]""");
        source.ReplaceLine(kernels + "Memory/Pages.cs", "private static partial int Advise(nint address, nuint length, int advice);",
            "private static extern int Advise(nint address, nuint length, int advice);");
        return source;
    }

    [Fact]
    public void A_new_dtype_is_stored_converted_promoted_printed_saved_and_loaded()
    {
        Type probe = Changed().Load(["src/Adjoint.Algebra", "src/Adjoint.Kernels", "src/Adjoint"], """
            using Adjoint;
            using Adjoint.Formats;
            using Adjoint.Nn;

            public static class Probe
            {
                public static string[] Says()
                {
                    Tensor x = Tensor.From(new short[] { 1, -2, 30000, 4, 5, 6 }, [2, 3]), y = Tensor.From(new float[] { 1.5f, -2.5f, 300f }).To(DType.Int16);
                    var file = new MemoryStream();
                    SafeTensors.Save(file, new Dictionary<string, Tensor> { ["x"] = x.T });
                    Tensor loaded = SafeTensors.Load(new SafeTensorsReader(new MemoryStream(file.ToArray()), "memory"), "memory")["x"];
                    return
                    [
                        $"{y}",
                        $"{loaded}",
                        $"{x[1]:D2}",
                        $"{x.T.Contiguous().Select(0, 2).To(DType.Float64)}",
                        $"{Tensor.Arange(300).To(DType.Int16).Select(0, 299).Item<long>()} {x[0, 1].Item<short>()} {DTypes.Of<short>()}",
                        $"{(x + Tensor.From(new int[] { 7, 8, 9 })).DType} {(x + 1).DType} {(x + 1.5).DType} {(x * Tensor.From(new long[] { 1 })).DType}",
                        $"{(x + Tensor.From(new byte[] { 1 })).DType} {(x + Tensor.From(new bool[] { true })).DType}",
                        $"{Tensor.Full([2], 7, DType.Int16)} {Tensor.Arange(0, 3, 1, DType.Int16)} {Tensor.Ones([2, 2], DType.Int16).Sum()}",
                        $"{Tensor.Where(x > 2, x, Tensor.Zeros([1], DType.Int16))}",
                        $"{Tensor.Scalar(70000L, DType.Int64).To(DType.Int16)}",
                        Refused(() => Tensor.Full([2], 40000, DType.Int16)),
                        Refused(() => Tensor.RandInt(0, 40000, [3], DType.Int16)),
                        Refused(() => x.IndexSelect(0, Tensor.Zeros([1], DType.Int16))),
                        Refused(() => Tensor.Randn([2], DType.Int16)),
                    ];
                }

                private static string Refused(Action action)
                {
                    try { action(); return "nothing was refused"; }
                    catch (Exception e) { return $"{e.GetType().Name}: {e.Message}"; }
                }
            }
            """);
        var says = (string[])probe.GetMethod("Says")!.Invoke(null, [])!;
        says.ShouldBe(
        [
            "tensor([  1,  -2, 300], dtype=torch.int16)",
            "tensor([[    1,     4],\n        [   -2,     5],\n        [30000,     6]], dtype=torch.int16)",
            "[04, 05, 06]",
            "tensor([3.0000e+04, 6.0000e+00], dtype=torch.float64)",
            "299 -2 Int16",
            "Int32 Int16 Float32 Int64",
            "Int16 Int16",
            "tensor([7, 7], dtype=torch.int16) tensor([0, 1, 2], dtype=torch.int16) tensor(4)",
            "tensor([[    0,     0, 30000],\n        [    4,     5,     6]], dtype=torch.int16)",
            "tensor(4464, dtype=torch.int16)",
            "DTypeException: Full: 40000 is out of the range of Int16. Convert the tensor first, with To(DType.Int64).",
            "ArgumentException: RandInt: the numbers from 0 to 39999 do not fit Int16, which holds -32768 to 32767. (Parameter 'high')",
            "DTypeException: IndexSelect: an index must be Int64 (or Int32), but is Int16. Convert it with To(DType.Int64).",
            "DTypeException: Randn: needs a floating-point dtype, but got Int16. Use RandInt for whole numbers.",
        ]);
    }
}
