using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The largest element of each window, and where it is; the gradient goes there.</summary>
internal static class MaxPool
{
    /// <summary>Over windows that slide.</summary>
    internal static (Tensor Values, Tensor Indices) Of(
        string operation, Tensor x, int dims, Sizes kernelSize, Sizes stride, Sizes padding, Sizes dilation, bool ceilMode)
    {
        int[] k = kernelSize.Over(dims, 1, operation, nameof(kernelSize));
        int[] s = stride.Or(kernelSize).Over(dims, 1, operation, nameof(stride));
        int[] p = padding.Or(0).Over(dims, 0, operation, nameof(padding)), d = dilation.Or(1).Over(dims, 1, operation, nameof(dilation));
        Window.Check(operation, x, dims);
        Taps[] axes = [.. Enumerable.Range(0, dims).Select(i => Window.Sliding(
            operation, x.Shape[i - dims], Window.Count(operation, x, i - dims, k[i], s[i], p[i], d[i], ceilMode), k[i], s[i], p[i], d[i]))];
        return Of($"MaxPool{dims}DWithIndicesBackward0", x, axes,
            ("kernel_size", k), ("stride", s), ("padding", p), ("dilation", d), ("ceil_mode", ceilMode));
    }

    /// <summary>Over windows that share out each dimension.</summary>
    internal static (Tensor Values, Tensor Indices) Adaptive(string operation, Tensor x, int dims, Sizes outputSize)
    {
        int[] sizes = outputSize.Over(dims, 0, operation, nameof(outputSize));
        Window.Check(operation, x, dims);
        Taps[] axes = [.. Enumerable.Range(0, dims).Select(i => Window.Shared(operation, x.Shape[i - dims], sizes[i]))];
        return Of($"AdaptiveMaxPool{dims}DBackward0", x, axes, ("output_size", sizes));
    }

    internal static (Tensor Values, Tensor Indices) Of(string nodeName, Tensor x, Taps[] axes, params (string, object?)[] attributes)
    {
        Tensor?[] results = Door.RunMany(new Call(nodeName, axes, attributes), x);
        return (results[0]!, results[1]!);
    }

    private readonly struct Call(string nodeName, Taps[] axes, (string Name, object? Value)[] attributes)
        : ITensorsOperation, IIntoOperation, IByHand
    {
        // What the attributes say of tensors of one shape.
        private readonly Taps[] _axes = axes;
        private readonly Taps[] _all = [.. Enumerable.Repeat(new Taps(1, [0, 1], [0], null), 3 - axes.Length), .. axes];
        private readonly (string Name, object? Value)[] _attributes = attributes;

        public string Name => NodeName.Operation(nodeName);

        public void Describe(OpAttributes to)
        {
            foreach ((string name, object? value) in _attributes) to.Add(name, value);
        }

        public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!;
            Shape shape = Window.With(x.Shape, _axes);
            Tensor values = Tensor.Uninitialized(here, shape, x.DType), index = Tensor.Uninitialized(here, shape, DType.Int64);
            Compute(x, values, index);
            return [Linear.Recorded(here, new PlanePickOp(nodeName, index, _axes.Length), x, values), index];
        }

        public bool MayOverwrite => false;

        public bool GoesInto(GraphOperation call) => call.Saved.Count == 0 && call.Results is [{ IsWhole: true } y, { IsWhole: true }]
            && call.Inputs[0]!.DType == y.DType && y.Shape.NumEl > 0;

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) => Compute(x[0]!, results[0]!, results[1]!);

        private void Compute(Tensor x, Tensor values, Tensor index)
        {
            var work = new Work(Elements.ToContiguous(x), _all, _axes.Length, values, index);
            Dispatch.Floating(x.DType, nodeName, ref work);
        }

        public void Write(Hand hand) => MaxPoolByHand.Write(hand, _axes);
    }

    private readonly struct Work(Tensor x, Taps[] axes, int dims, Tensor values, Tensor index) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int outer = 1;
            for (int d = 0; d < x.NDim - dims; d++) outer *= x.Shape[d];
            using var memory = new Loan();
            MaxWindows.Run(memory.Of<T>(x), outer, axes, memory.Of<T>(values), memory.Of<long>(index));
        }
    }
}

/// <summary>Writes pools of largest elements as loops over windows.</summary>
internal static class MaxPoolByHand
{
    internal static void Write(Hand hand, Taps[] axes)
    {
        int dims = axes.Length;
        HandTensor x = hand.Input(0), y = hand.Result;
        HandTensor index = hand.ResultOrNull(1) ?? hand.New("indices", y.Shape, DType.Int64);
        if (y.Shape.NumEl == 0) return;
        var tables = new (string Starts, string Places)[dims];
        for (int d = 0; d < dims; d++) tables[d] = TapsByHand.Tables(hand, axes[d]);
        hand.Over(x.Shape.NDim - dims, e => Outputs(0, [], e[0], e[1], e[2]), x, y, index);

        void Outputs(int d, string[] at, HandTensor from, HandTensor to, HandTensor places)
        {
            if (d < dims)
            {
                hand.For($"{axes[d].Outputs}", i => Outputs(d + 1, [.. at, i], from, to, places));
                return;
            }
            string word = from.Word;
            string[] first = [.. at.Select((i, k) => $"{tables[k].Places}[{tables[k].Starts}[{i}]]")];
            hand.Line($"{word} best = {hand.Element(from.At(first))};");
            hand.Line($"int place = {Number(first)};");
            Taps(0, [], at, from);
            hand.Store(to.At(at), "best");
            hand.Store(places.At(at), "place");
        }

        void Taps(int d, string[] at, string[] outputs, HandTensor from)
        {
            if (d == dims)
            {
                string[] chosen = [.. at.Select((tap, k) => $"{tables[k].Places}[{tap}]")];
                string value = hand.Element(from.At(chosen));
                // Larger, or NaN.
                hand.Block($"if (!({value} <= best) && !(best != best && {value} == {value}))",
                    () => hand.Line($"(best, place) = ({value}, {Number(chosen)});"));
                return;
            }
            (string starts, string i, string name) = (tables[d].Starts, outputs[d], $"tap{d}");
            hand.Block($"for (int {name} = {starts}[{i}]; {name} < {starts}[{i} + 1]; {name}++)",
                () => Taps(d + 1, [.. at, name], outputs, from));
        }

        string Number(string[] at)
        {
            string number = at[0];
            for (int d = 1; d < dims; d++) number = $"{(d == 1 ? number : $"({number})")} * {axes[d].Inputs} + {at[d]}";
            return number;
        }
    }
}

public static partial class OpTable
{
    private static Op MaxPool1d => Op.Of(OpKind.Other, "max_pool1d", x => MaxPool.Of("MaxPool1d", x, 1, 3, 2, 1, 2, true).Values,
        new OpInput([2, 3, 9], Domain.Reals),
        MaxInfo("y[i] = the largest x[j] of window i", "F.max_pool1d(x, 3, 2, 1, 2, True)"));

    private static Op MaxPool2d => Op.Of(OpKind.Other, "max_pool2d", x => MaxPool.Of("MaxPool2d", x, 2, (3, 2), 2, (1, 0), 1, false).Values,
        new OpInput([2, 2, 5, 6], Domain.Reals),
        MaxInfo("y[i] = the largest x[j] of window i, in two dimensions", "F.max_pool2d(x, (3, 2), 2, (1, 0))"));

    private static Op MaxPool3d => Op.Of(OpKind.Other, "max_pool3d", x => MaxPool.Of("MaxPool3d", x, 3, 2, 1, 1, 1, false).Values,
        new OpInput([1, 2, 3, 4, 3], Domain.Reals),
        MaxInfo("y[i] = the largest x[j] of window i, in three dimensions", "F.max_pool3d(x, 2, 1, 1)"));

    private static Op AdaptiveMaxPool1d => Op.Of(OpKind.Other, "adaptive_max_pool1d",
        x => MaxPool.Adaptive("AdaptiveMaxPool1d", x, 1, 3).Values, new OpInput([2, 3, 7], Domain.Reals),
        MaxInfo("y[i] = the largest x[j] of share i", "F.adaptive_max_pool1d(x, 3)"));

    private static Op AdaptiveMaxPool2d => Op.Of(OpKind.Other, "adaptive_max_pool2d",
        x => MaxPool.Adaptive("AdaptiveMaxPool2d", x, 2, (3, 2)).Values, new OpInput([2, 2, 5, 4], Domain.Reals),
        MaxInfo("y[i] = the largest x[j] of share i, in two dimensions", "F.adaptive_max_pool2d(x, (3, 2))"));

    private static Op AdaptiveMaxPool3d => Op.Of(OpKind.Other, "adaptive_max_pool3d",
        x => MaxPool.Adaptive("AdaptiveMaxPool3d", x, 3, 2).Values, new OpInput([2, 1, 3, 4, 3], Domain.Reals),
        MaxInfo("y[i] = the largest x[j] of share i, in three dimensions", "F.adaptive_max_pool3d(x, 2)"));

    private static OpInfo MaxInfo(string formula, string torch) =>
        new() { Formula = formula, Torch = torch, Gradient = "g at that element, summed" };
}
