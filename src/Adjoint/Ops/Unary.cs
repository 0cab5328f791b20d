using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The driver of element-wise functions of one argument.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public static class Unary
{
    /// <summary>y = op(x), element by element.</summary>
    /// <remarks>
    /// With an <see cref="IUnaryOp"/> of your own this makes a differentiable operation with SIMD kernels in both directions.
    /// </remarks>
    /// <exception cref="ArgumentException">The function divides whole numbers, and a quotient is none: one by 0.</exception>
    public static Tensor Apply<TOp>(TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        x.Given();
        Here here = Here.Now;
        return Door.IsWatched(here) ? Watched(op, x) : Applied(here, op, x);
    }

    /// <summary>x = op(x), in place.</summary>
    /// <exception cref="AutogradException">x must not be changed in place: a leaf that requires grad, or a view whose history would be
    /// lost.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    public static Tensor ApplyInPlace<TOp>(TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        x.Given();
        Here here = Here.Now;
        return Door.IsWatched(here) ? WatchedInPlace(op, x) : AppliedInPlace(here, op, x);
    }

    // By themselves: what a call of a mode takes on the stack, plain calls would clear at every operation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Watched<TOp>(TOp op, Tensor x) where TOp : struct, IUnaryOp => Door.Run(new Call<TOp>(op), x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor WatchedInPlace<TOp>(TOp op, Tensor x) where TOp : struct, IUnaryOp => Door.Run(new CallInPlace<TOp>(op), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tensor Applied<TOp>(Here here, TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        Tensor y = Forward(here, op, x);
        return History.IsWanted(here, x) ? History.Record(here, y, UnaryOpNode<TOp>.Of(here, op, x, x, y), x) : y;
    }

    private static Tensor AppliedInPlace<TOp>(Here here, TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        x.CheckInPlace(TOp.Name, x.RequiresGrad);
        CheckBool<TOp>(x);
        if (!x.DType.IsFloatingPoint && !TOp.KeepsIntegers)
            throw new DTypeException($"{TOp.Name}: the result is of floating point and cannot be stored in place in a {x.DType} tensor.");
        bool wanted = History.IsWanted(here, x);
        Tensor before = wanted && (TOp.Saves & Saves.Input) != 0 ? x.Snapshot() : x;
        if (x.IsContiguous && x.DType.IsFloatingPoint) Run(op, x, x);
        else Elements.CopyTo(Elements.ToContiguous(Forward(here, op, x)), x);
        x.BumpVersion();
        if (wanted) History.RecordInPlace(x, UnaryOpNode<TOp>.Of(here, op, x, before, x), [x]);
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tensor Forward<TOp>(Here here, TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        if (x.Shape.NumEl != 1 || !x.DType.IsFloatingPoint || UserFormula<TOp>.Is) return ForwardMany(here, op, x);
        Tensor y = Tensor.UninitializedNumber(here, x.Shape, x.DType);
        var work = new NumberWork<TOp>(op, x, y);
        Dispatch.Floating(x.DType, TOp.Name, ref work);
        return y;
    }

    private static Tensor ForwardMany<TOp>(Here here, TOp op, Tensor x) where TOp : struct, IUnaryOp
    {
        if (!x.DType.IsFloatingPoint && !TOp.KeepsIntegers) x = Elements.Cast(x, DType.Float32);
        CheckBool<TOp>(x);
        if (OperandOrder.Of(x.Shape, x, x) is { } order)
        {
            Tensor inOrder = Tensor.Uninitialized(here, order.Shape, x.DType);
            Run(op, order.Of(x), inOrder);
            return order.Back(inOrder);
        }
        Tensor target = Tensor.Uninitialized(here, x.Shape, x.DType);
        Run(op, x, target);
        return target;
    }

    private static void CheckBool<TOp>(Tensor x) where TOp : struct, IUnaryOp
    {
        if (x.DType.IsBool && !TOp.TakesBool)
            throw new DTypeException($"{TOp.Name}: is not defined for Bool tensors. Convert with To(DType.Int64), or use LogicalNot().");
    }

    private static void Run<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IUnaryOp
    {
        if (UserFormula<TOp>.Is) x.ShareMemory();
        var work = new Work<TOp>(op, x, y);
        Dispatch.Elements(x.DType, ref work);
    }

    private static void RunWhole<TOp, T>(TOp op, Tensor x, Tensor y) where TOp : struct, IUnaryOp where T : unmanaged
    {
        try
        {
            RunMany<TOp, T>(op, x, y);
        }
        catch (ArithmeticException) when (y.NumEl == 1)
        {
            throw Divisors.Refused(TOp.Name, "x", $"x is {x.Item<long>()}");
        }
        catch (ArithmeticException)
        {
            // Which element it was, one alone tells.
            Tensor xs = x.Flatten();
            for (int i = 0; i < y.NumEl; i++)
            {
                Tensor alone = xs[i], value = Tensor.Uninitialized(Shape.Scalar, y.DType);
                Run(op, alone, value);
            }
            throw;
        }
        if (y.DType.IsBool) Truth.Of(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunFloating<TOp, T>(TOp op, Tensor x, Tensor y)
        where TOp : struct, IUnaryOp where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.NumEl == 1) y.SetFirst<T>(op.Value(new Real<T>(x.First<T>())).Value);
        else RunMany<TOp, T>(op, x, y);
    }

    private static void RunMany<TOp, T>(TOp op, Tensor x, Tensor y) where TOp : struct, IUnaryOp where T : unmanaged
    {
        using var memory = new Loan();
        if (x.IsContiguous)
        {
            ElementWise.Unary(op, memory.Of<T>(x), memory.Of<T>(y));
        }
        else if (x.NumEl > 0)
        {
            var plan = BroadcastPlan.Of(x.Shape, x, x);
            ElementWise.Unary(op, plan.AsBroadcast(), memory.From<T>(x), memory.Of<T>(y));
        }
    }

    /// <summary>The function of a single element.</summary>
    private readonly struct NumberWork<TOp>(TOp op, Tensor x, Tensor y) : IFloatingWork where TOp : struct, IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            y.SetFirst<T>(op.Value(new Real<T>(x.First<T>())).Value);
    }

    private readonly struct Work<TOp>(TOp op, Tensor x, Tensor y) : IElementWork where TOp : struct, IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => RunFloating<TOp, T>(op, x, y);

        // Integers have kernels of their own, because those above 2⁵³ are no doubles.
        public void Whole<T>() where T : unmanaged, IBinaryInteger<T>
        {
            if (TOp.KeepsIntegers) RunWhole<TOp, T>(op, x, y);
        }
    }

    private readonly struct Call<TOp>(TOp op) : ITensorOperation, IIntoOperation, ITileOperation, IScalarOperation, IByHand
        where TOp : struct, IUnaryOp
    {
        public string Name => TOp.Name;

        public bool MayOverwrite => true;

        public void Describe(OpAttributes to) => op.Describe(to);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => Applied(here, op, x[0]!);

        public void Write(Hand hand) => HandElementWise.Unary(hand, op, inPlace: false);

        public string Formula => TOp.Info.Formula;

        public bool GoesInto(GraphOperation call) => !UserFormula<TOp>.Is && IntoCalls.ArePlain(call);

        public TileKernel? Tile(GraphOperation call) => UnaryTiles<TOp>.Of(op, isSlope: false, TileCalls.TypeOf(call));

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) => Unary.Run(op, x[0]!, results[0]!);

        public IScalarStep?[]? Scalars(DType dtype) => UserFormula<TOp>.Is ? null : [ScalarWork<TOp>.Of(op, dtype)];
    }

    private struct ScalarWork<TOp>(TOp op) : IFloatingWork where TOp : struct, IUnaryOp
    {
        private IScalarStep? _step;

        internal static IScalarStep Of(TOp op, DType dtype)
        {
            var work = new ScalarWork<TOp>(op);
            Dispatch.Floating(dtype, TOp.Name, ref work);
            return work._step!;
        }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            _step = new ScalarStep<UnaryFormula<TOp, T>, T>(new UnaryFormula<TOp, T>(op));
    }

    private readonly struct CallInPlace<TOp>(TOp op) : ITensorOperation, ITileOperation, IByHand where TOp : struct, IUnaryOp
    {
        public string Name => TOp.Name + "_";

        public void Describe(OpAttributes to) => op.Describe(to);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => AppliedInPlace(here, op, x[0]!);

        public TileKernel? Tile(GraphOperation call) => UnaryTiles<TOp>.Of(op, isSlope: false, TileCalls.TypeInPlace(call));

        public void Write(Hand hand) => HandElementWise.Unary(hand, op, inPlace: true);

        public string Formula => TOp.Info.Formula;
    }
}
