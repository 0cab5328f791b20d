using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>A distribution: which numbers a stream gives to elements in a row, and what it was told.</summary>
internal interface IDrawOp
{
    /// <summary>PyTorch's name: <c>exponential</c>.</summary>
    string Name { get; }

    /// <summary>Tells its attributes; those without need not have it.</summary>
    void Describe(OpAttributes to)
    {
    }

    /// <summary>Whether its numbers are real, so that only tensors of floating point hold them.</summary>
    static virtual bool IsReal => true;

    /// <summary>Draws every element.</summary>
    /// <param name="stream">Where they come from.</param>
    /// <param name="x">The elements in the order of memory.</param>
    /// <param name="contiguous">Whether the dimensions have that order too: of other tensors PyTorch draws normal numbers one by
    /// one.</param>
    void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T>;

    /// <summary>Writes it by hand; by itself one element after the other, as <see cref="Element"/> says.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="source">The variable of the generator.</param>
    /// <param name="x">The elements in the order of memory.</param>
    /// <param name="contiguous">As in <see cref="Fill"/>.</param>
    void Write(Hand hand, string source, HandTensor x, bool contiguous) => HandRandom.Each(hand, x, word => Element(source, word));

    /// <summary>The next number as C#, of a type.</summary>
    /// <param name="source">The variable of the generator.</param>
    /// <param name="word">The type.</param>
    string Element(string source, string word) => throw new NotSupportedException("It does not say how.");
}

/// <summary>The driver of draws: it holds the generator, lends the memory and keeps the order.</summary>
/// <remarks>
/// // Note [Order of drawing]
/// PyTorch fills a tensor in the order of its memory, whatever the order of its dimensions, and what it makes like another tensor lies in
/// memory as that does. So the numbers of a transposed tensor are those of the tensor, transposed.
/// </remarks>
internal static class Draw
{
    // The method is named in messages, the operation is what modes see.

    /// <summary>A new tensor.</summary>
    internal static Tensor New<TOp>(string method, string name, Shape shape, TOp op, DType dtype, Generator? generator)
        where TOp : struct, IDrawOp =>
        Door.Run(new CallNew<TOp>(name, op, shape.Given(), Fitting<TOp>(method, dtype), generator));

    /// <summary>A tensor that lies in memory as another does.</summary>
    internal static Tensor Like<TOp>(string method, string name, TOp op, Tensor like, DType dtype, Generator? generator)
        where TOp : struct, IDrawOp =>
        Door.Run(new CallLike<TOp>(name, op, Fitting<TOp>(method, dtype), generator), like);

    /// <summary>Overwrites the tensor itself, or draws values that are then copied to it where that is recorded.</summary>
    internal static Tensor InPlace<TOp>(string method, TOp op, Tensor x, Generator? generator) where TOp : struct, IDrawOp
    {
        Fitting<TOp>(method, x.DType);
        x.CheckInPlace(method, x.RequiresGrad);
        if (Autograd.IsGradEnabled && x.RequiresGrad) return x.CopyInPlace(Like(method, op.Name, op, x, x.DType, generator));
        return Door.Run(new CallInPlace<TOp>(op, generator), x);
    }

    /// <summary>The dtype, which is one of floating point.</summary>
    internal static DType Real(string method, DType dtype) => dtype.IsFloatingPoint ? dtype
        : throw new DTypeException($"{method}: needs a floating-point dtype, but got {dtype}. Use RandInt for whole numbers.");

    /// <summary>What is drawn from: it is looked up when the draw runs, and a call tells what it was given, null or a generator.</summary>
    internal static Generator Source(Generator? generator) => generator ?? Rng.Default;

    private static DType Fitting<TOp>(string method, DType dtype) where TOp : struct, IDrawOp => TOp.IsReal ? Real(method, dtype) : dtype;

    private static void Fill<TOp>(TOp op, Tensor x, bool contiguous, Generator? generator) where TOp : struct, IDrawOp
    {
        using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
        var work = new Work<TOp>(op, x, contiguous, stream);
        Dispatch.Number(x.DType, ref work);
    }

    private readonly struct Work<TOp>(TOp op, Tensor x, bool contiguous, RandomStream stream) : INumberWork where TOp : struct, IDrawOp
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            op.Fill(stream, memory.Of<T>(x), contiguous);
        }
    }

    private readonly struct CallNew<TOp>(string name, TOp op, Shape shape, DType dtype, Generator? generator) : ITensorOperation, IByHand
        where TOp : struct, IDrawOp
    {
        public string Name => name;

        public void Describe(OpAttributes to)
        {
            to.Add("size", shape);
            to.Add("dtype", dtype);
            op.Describe(to);
            to.Add("generator", generator);
        }

        public void Write(Hand hand) => HandRandom.Write(hand, op, hand.Result, contiguous: true, generator);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = Tensor.Uninitialized(here, shape, dtype);
            Fill(op, x, true, generator);
            return x;
        }
    }

    private readonly struct CallLike<TOp>(string name, TOp op, DType dtype, Generator? generator) : ITensorOperation, IByHand
        where TOp : struct, IDrawOp
    {
        public string Name => name;

        public void Describe(OpAttributes to)
        {
            to.Add("dtype", dtype);
            op.Describe(to);
            to.Add("generator", generator);
        }

        public void Write(Hand hand) => HandRandom.Write(hand, op, hand.Result, hand.Result.IsContiguous, generator);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor like = inputs[0]!;
            int[] order = like.IsContiguous ? [] : Layout.MemoryOrder(like.Shape, like.Strides);
            Tensor values = Tensor.Uninitialized(here, order.Length == 0 ? like.Shape : Layout.Permuted(like, order).Shape, dtype);
            Tensor seen = order.Length == 0 ? values : Layout.Permuted(values, Layout.Inverse(order));
            Fill(op, values, seen.IsContiguous, generator);
            return seen;
        }
    }

    private readonly struct CallInPlace<TOp>(TOp op, Generator? generator) : ITensorOperation, IByHand where TOp : struct, IDrawOp
    {
        public string Name => op.Name + "_";

        public void Describe(OpAttributes to)
        {
            op.Describe(to);
            to.Add("generator", generator);
        }

        public void Write(Hand hand) => HandRandom.Write(hand, op, hand.Input(0), hand.Input(0).IsContiguous, generator);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!;
            // A mode may go on with another tensor than the call was made with.
            x.CheckInPlace(Name, recorded: false);
            if (x.IsContiguous)
            {
                Fill(op, x, true, generator);
            }
            else
            {
                Tensor inMemory = Layout.Permuted(x, Layout.MemoryOrder(x.Shape, x.Strides));
                Tensor values = inMemory.IsContiguous ? inMemory : Tensor.Uninitialized(inMemory.Shape, x.DType);
                Fill(op, values, false, generator);
                if (!ReferenceEquals(values, inMemory)) Elements.CopyTo(values, inMemory);
            }
            x.BumpVersion();
            return x;
        }
    }
}
