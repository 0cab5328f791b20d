using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The driver of element-wise functions of two arguments.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public static class Binary
{
    /// <summary>z = op(x, y), element by element, with broadcasting and type promotion.</summary>
    /// <remarks>
    /// With an <see cref="IBinaryOp"/> of your own this makes a differentiable operation with SIMD kernels in both directions.
    /// </remarks>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">The function divides whole numbers, and a quotient is none: one by 0.</exception>
    public static Tensor Apply<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp
    {
        x.Given();
        y.Given();
        if (x.DType != y.DType) (x, y) = Tensor.Fitted(x, y);
        Here here = Here.Now;
        return Door.IsWatched(here) ? Watched(op, x, y) : Applied(here, op, x, y);
    }

    /// <summary>x = op(x, y), in place; y is broadcast to the shape of x.</summary>
    /// <exception cref="ShapeException">The result would be larger than x.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place: a leaf that requires grad, or a view whose history would be
    /// lost.</exception>
    public static Tensor ApplyInPlace<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp
    {
        x.Given();
        y.Given();
        Here here = Here.Now;
        return Door.IsWatched(here) ? WatchedInPlace(op, x, y) : AppliedInPlace(here, op, x, y);
    }

    // By themselves: what a call of a mode takes on the stack, plain calls would clear at every operation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Watched<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp => Door.Run(new Call<TOp>(op), x, y);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor WatchedInPlace<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp =>
        Door.Run(new CallInPlace<TOp>(op), x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tensor Applied<TOp>(Here here, TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp
    {
        Tensor z = Forward(here, op, x, y);
        return History.IsWanted(here, x, y) ? History.Record(here, z, BinaryOpNode<TOp>.Of(here, op, x, y, x, z), x, y) : z;
    }

    private static Tensor AppliedInPlace<TOp>(Here here, TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp
    {
        x.CheckInPlace(TOp.Name, x.RequiresGrad || y.RequiresGrad);
        Shape shape = BroadcastShape(TOp.Name, x, y);
        if (!shape.Equals(x.Shape))
            throw new ShapeException(
                $"{TOp.Name}: the result has shape {shape}, which does not fit in place in a tensor of shape {x.Shape}.");
        if (x.DType != y.DType && y.IsNumber) y = y.AsNumber.Beside(x);
        DType dtype = ResultType(op, x, y);
        if (dtype.Row.Kind > x.DType.Row.Kind)
            throw new DTypeException(
                $"{TOp.Name}: the result is {dtype} and cannot be stored in place in a {x.DType} tensor. Convert it first with "
                + $"To(DType.{dtype}).");

        bool wanted = History.IsWanted(here, x, y);
        bool readsX = TOp.Saves.HasFlag(Saves.Input) && ((TOp.SlopeXReads | TOp.SlopeYReads) & Reads.X) != 0;
        Tensor before = wanted && readsX ? x.Snapshot() : x;
        if (x.SharesStorageWith(y)) y = y.Snapshot();
        if (x.IsContiguous && x.DType == dtype && dtype.IsFloatingPoint) Run(op, x, Operand(y, dtype), x);
        else Elements.CopyTo(Elements.ToContiguous(Converted(Forward(here, op, x, y), x.DType)), x);
        x.BumpVersion();
        if (wanted) History.RecordInPlace(x, BinaryOpNode<TOp>.Of(here, op, x, y, before, x), [x, y]);
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tensor Forward<TOp>(Here here, TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp
    {
        if (!x.IsNumberLike(y) || UserFormula<TOp>.Is) return ForwardMany(here, op, x, y);
        Tensor z = Tensor.UninitializedNumber(here, x.Shape, x.DType);
        var work = new NumberWork<TOp>(op, x, y, z);
        Dispatch.Floating(x.DType, TOp.Name, ref work);
        return z;
    }

    private static Tensor ForwardMany<TOp>(Here here, TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp
    {
        DType dtype = ResultType(op, x, y);
        Shape shape = BroadcastShape(TOp.Name, x, y);
        (x, y) = (Operand(x, dtype), Operand(y, dtype));
        if (OperandOrder.Of(shape, x, y) is { } order)
        {
            Tensor inOrder = Tensor.Uninitialized(here, order.Shape, dtype);
            Run(op, order.Of(x), order.Of(y), inOrder);
            return order.Back(inOrder);
        }
        Tensor z = Tensor.Uninitialized(here, shape, dtype);
        Run(op, x, y, z);
        return z;
    }

    /// <summary>The operand in the dtype of the result.</summary>
    internal static Tensor Operand(Tensor x, DType dtype) => x.DType == dtype ? x : Elements.Cast(x, dtype);

    private static Tensor Converted(Tensor x, DType dtype) => x.DType == dtype ? x : Elements.Cast(x, dtype);

    internal static DType ResultType<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp
    {
        if (!TOp.TakesBool && (x.DType.IsBool || y.DType.IsBool))
            throw new DTypeException($"{TOp.Name}: is not defined for Bool tensors. "
                + "Convert with To(DType.Int64), or use ^ (exclusive or) or LogicalNot().");
        DType dtype = Promotion.Of(x, y);
        return dtype.IsFloatingPoint || TOp.KeepsIntegers ? dtype : DType.Float32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Shape BroadcastShape(string operation, Tensor x, Tensor y) =>
        ReferenceEquals(x.Shape, y.Shape) ? x.Shape : BroadcastShapeOf(operation, x, y);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Shape BroadcastShapeOf(string operation, Tensor x, Tensor y) => Layout.Broadcast(x.Shape, y.Shape)
        ?? throw new ShapeException(
            $"{operation}: the shapes {x.Shape} and {y.Shape} do not broadcast; counted from the end, sizes must be equal or 1.");

    private static void Run<TOp>(TOp op, Tensor x, Tensor y, Tensor z) where TOp : struct, IBinaryOp
    {
        if (UserFormula<TOp>.Is) UserFormula<TOp>.Share(x, y);
        var work = new Work<TOp>(op, x, y, z);
        Dispatch.Elements(z.DType, ref work);
    }

    private static void RunWhole<TOp, T>(TOp op, Tensor x, Tensor y, Tensor z) where TOp : struct, IBinaryOp where T : unmanaged
    {
        try
        {
            RunMany<TOp, T>(op, x, y, z);
        }
        catch (ArithmeticException) when (z.NumEl == 1)
        {
            (long a, long b) = (x.Item<long>(), y.Item<long>());
            throw Divisors.Refused(TOp.Name, a == 0 && b != 0 ? "x" : "y", $"x is {a} and y is {b}");
        }
        catch (ArithmeticException)
        {
            // Which elements it was, one alone tells.
            Tensor xs = x.Expand(z.Shape).Flatten(), ys = y.Expand(z.Shape).Flatten();
            for (int i = 0; i < z.NumEl; i++)
            {
                Tensor first = xs[i], second = ys[i], value = Tensor.Uninitialized(Shape.Scalar, z.DType);
                Run(op, first, second, value);
            }
            throw;
        }
        if (z.DType.IsBool) Truth.Of(z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunFloating<TOp, T>(TOp op, Tensor x, Tensor y, Tensor z)
        where TOp : struct, IBinaryOp where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (z.NumEl == 1)
        {
            var vx = new Real<T>(x.First<T>());
            var vy = new Real<T>(y.First<T>());
            z.SetFirst<T>(op.Value(vx, vy).Value);
        }
        else
        {
            RunMany<TOp, T>(op, x, y, z);
        }
    }

    /// <summary>
    /// Operands that step through memory along their last dimension, as ones that do not. One that lies side by side along the dimension
    /// before is turned by the kernel, if only one does.
    /// </summary>
    internal static (Tensor X, Tensor Y) InRows<T>(Tensor x, Tensor y, Shape shape) where T : unmanaged
    {
        bool turnsX = IsTurned<T>(x, shape), turnsY = IsTurned<T>(y, shape) && !turnsX;
        return (turnsX ? x : InRows(x, shape), turnsY ? y : InRows(y, shape));
    }

    /// <summary>
    /// An operand that steps through memory along its last dimension, as one that does not: turning it is quicker than picking its
    /// elements.
    /// </summary>
    internal static Tensor InRows(Tensor x, Shape shape) =>
        x.IsContiguous || !x.Shape.Equals(shape) || x.NDim < 2 || x.Strides[^1] <= 8 ? x : Elements.ToContiguous(x);

    private static bool IsTurned<T>(Tensor x, Shape shape) where T : unmanaged => Transposition.Sides<T>() > 0 &&
        !x.IsContiguous && x.Shape.Equals(shape) && x.NDim >= 2 && x.Strides[^1] > 8 && x.Strides[^2] == 1;

    private static void RunMany<TOp, T>(TOp op, Tensor x, Tensor y, Tensor z) where TOp : struct, IBinaryOp where T : unmanaged
    {
        using var memory = new Loan();
        if (x.IsContiguous && y.IsContiguous && (x.NumEl == z.NumEl || x.NumEl == 1) && (y.NumEl == z.NumEl || y.NumEl == 1))
        {
            ElementWise.Binary(op, memory.Of<T>(x), memory.Of<T>(y), memory.Of<T>(z));
        }
        else if (z.NumEl > 0)
        {
            (x, y) = InRows<T>(x, y, z.Shape);
            var plan = BroadcastPlan.Of(z.Shape, x, y);
            ElementWise.Binary(op, plan.AsBroadcast(), memory.From<T>(x), memory.From<T>(y), memory.Of<T>(z));
        }
    }

    /// <summary>The function of two single elements.</summary>
    private readonly struct NumberWork<TOp>(TOp op, Tensor x, Tensor y, Tensor z) : IFloatingWork where TOp : struct, IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            z.SetFirst<T>(op.Value(new Real<T>(x.First<T>()), new Real<T>(y.First<T>())).Value);
    }

    private readonly struct Work<TOp>(TOp op, Tensor x, Tensor y, Tensor z) : IElementWork where TOp : struct, IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => RunFloating<TOp, T>(op, x, y, z);

        public void Whole<T>() where T : unmanaged, IBinaryInteger<T> => RunWhole<TOp, T>(op, x, y, z);
    }

    private readonly struct Call<TOp>(TOp op) : ITensorOperation, IIntoOperation, ITileOperation, IScalarOperation, IByHand
        where TOp : struct, IBinaryOp
    {
        public string Name => TOp.Name;

        // An operand that is broadcast is read again after the place it would share is written.
        public bool MayOverwrite => true;

        public void Describe(OpAttributes to) => op.Describe(to);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => Applied(here, op, x[0]!, x[1]!);

        public void Write(Hand hand) => HandElementWise.Binary(hand, op, inPlace: false);

        public string Formula => TOp.Info.Formula;

        public bool GoesInto(GraphOperation call) => !UserFormula<TOp>.Is && IntoCalls.ArePlain(call);

        public TileKernel? Tile(GraphOperation call) => BinaryTiles<TOp>.Of(op, isSlope: false, TileCalls.TypeOf(call));

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) => Binary.Run(op, x[0]!, x[1]!, results[0]!);

        public IScalarStep?[]? Scalars(DType dtype) => UserFormula<TOp>.Is ? null : [ScalarWork<TOp>.Of(op, dtype)];
    }

    private struct ScalarWork<TOp>(TOp op) : IFloatingWork where TOp : struct, IBinaryOp
    {
        private IScalarStep? _step;

        internal static IScalarStep Of(TOp op, DType dtype)
        {
            var work = new ScalarWork<TOp>(op);
            Dispatch.Floating(dtype, TOp.Name, ref work);
            return work._step!;
        }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            _step = new ScalarStep<BinaryFormula<TOp, T>, T>(new BinaryFormula<TOp, T>(op));
    }

    private readonly struct CallInPlace<TOp>(TOp op) : ITensorOperation, ITileOperation, IByHand where TOp : struct, IBinaryOp
    {
        public string Name => TOp.Name + "_";

        public void Describe(OpAttributes to) => op.Describe(to);

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => AppliedInPlace(here, op, x[0]!, x[1]!);

        public TileKernel? Tile(GraphOperation call) => BinaryTiles<TOp>.Of(op, isSlope: false, TileCalls.TypeInPlace(call));

        public void Write(Hand hand) => HandElementWise.Binary(hand, op, inPlace: true);

        public string Formula => TOp.Info.Formula;
    }
}
