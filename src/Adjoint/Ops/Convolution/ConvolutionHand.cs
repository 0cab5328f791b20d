using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Writes the faces of a convolution as loops. See Note [Sums of a convolution].</summary>
internal static class ConvolutionHand
{
    internal static void Write(Hand hand, ConvolutionForm form, ConvolutionFace face)
    {
        if (hand.Result.Shape.NumEl == 0) return;
        if (face == ConvolutionFace.Output) Output(hand, form);
        else if (face == ConvolutionFace.Input) Input(hand, form);
        else if (form.Sizes.IsDepthwise) Lanes(hand, form);
        else Weight(hand, form);
    }

    private static void Output(Hand hand, ConvolutionForm form)
    {
        ConvolutionSizes s = form.Sizes;
        HandTensor x = Grouped(hand.Input(0), 1, s.Groups), y = Grouped(hand.Result, 1, s.Groups);
        HandTensor w = Contiguous(hand, "weights", hand.Input(1));
        int steps = s.InChannels * s.Taps;
        string patch = Array(hand, "patch", hand.Result.Word, steps), count = hand.Names.Free("filled");
        Loops(hand, [s.Batch, s.Groups, .. form.Spatial.Select(d => d.Output)], at =>
        {
            hand.Line($"int {count} = 0;");
            Loops(hand, [s.InChannels, .. form.Spatial.Select(d => d.Kernel)], tap =>
            {
                string[] read = [.. form.Spatial.Select((_, i) => Read(hand, form, i, at[i + 2], tap[i + 1]))];
                HandTensor element = At(x, [at[0], at[1], tap[0], .. read]);
                hand.Line($"{patch}[{count}++] = {Inside(hand, form.Spatial.Select(d => d.Input), read, element)};");
            });
            Loops(hand, [s.OutChannels], row =>
            {
                HandTensor vector = Vector(At(Grouped(w, 0, s.Groups), [at[1], row[0]]), steps);
                HandTensor target = At(y, [at[0], at[1], row[0], .. at[2..]]);
                Store(hand, target, Dot(hand, vector, patch, steps), Bias(hand, s.Groups, at[1], row[0]));
            });
        });
    }

    private static void Input(Hand hand, ConvolutionForm form)
    {
        ConvolutionSizes s = form.Sizes;
        HandTensor y = Grouped(hand.Input(0), 1, s.Groups), w = Grouped(hand.Input(1), 0, s.Groups), x = Grouped(hand.Result, 1, s.Groups);
        string word = hand.Result.Word, count = hand.Names.Free("filled");
        string patch = Array(hand, "patch", word, s.OutChannels * s.Taps);
        HandTensor taps = hand.New("taps", [s.InChannels, s.OutChannels * s.Taps], hand.Result.DType);
        Loops(hand, [s.Batch, s.Groups, .. form.Spatial.Select(d => d.Input)], at =>
        {
            hand.Line($"int {count} = 0;");
            Loops(hand, [s.OutChannels, .. form.Spatial.Select(d => d.Kernel)], tap =>
            {
                string[] moved = [.. form.Spatial.Select((d, i) => $"{at[i + 2]} + {d.Padding} - {Times(tap[i + 1], d.Dilation)}")];
                string meets = string.Join(" && ", form.Spatial.Select((d, i) => $"({moved[i]}) % {d.Stride} == 0")
                    .Where((_, i) => form.Spatial[i].Stride > 1));
                if (meets.Length == 0) Add();
                else hand.Block($"if ({meets})", Add);

                void Add()
                {
                    string[] read = [.. form.Spatial.Select(
                        (d, i) => Place(hand, i, d.Stride > 1 ? $"({moved[i]}) / {d.Stride}" : moved[i]))];
                    HandTensor element = At(y, [at[0], at[1], tap[0], .. read]);
                    hand.Line($"{patch}[{count}] = {Inside(hand, form.Spatial.Select(d => d.Output), read, element)};");
                    Loops(hand, [s.InChannels], row =>
                        hand.Store(At(taps, [row[0], count]), hand.Element(At(w, [at[1], tap[0], row[0], .. tap[1..]]))));
                    hand.Line($"{count}++;");
                }
            });
            Loops(hand, [s.InChannels], row =>
            {
                HandTensor target = At(x, [at[0], at[1], row[0], .. at[2..]]);
                Store(hand, target, Dot(hand, At(taps, [row[0]]), patch, count), Bias(hand, s.Groups, at[1], row[0]));
            });
        });
    }

    private static void Weight(Hand hand, ConvolutionForm form)
    {
        ConvolutionSizes s = form.Sizes;
        HandTensor y = hand.Input(0), x = Grouped(hand.Input(1), 1, s.Groups), w = Grouped(hand.Result, 0, s.Groups);
        int steps = s.Batch * s.Outputs;
        HandTensor turned = hand.New("turned", [y.Shape[1], y.Shape[0], .. y.Shape.Sizes[2..]], y.DType);
        hand.Copy(y.Permuted([1, 0, .. Enumerable.Range(2, form.Dims)]), turned);
        string patch = Array(hand, "patch", y.Word, steps), count = hand.Names.Free("filled");
        Loops(hand, [s.Groups, s.InChannels, .. form.Spatial.Select(d => d.Kernel)], tap =>
        {
            hand.Line($"int {count} = 0;");
            Loops(hand, [s.Batch, .. form.Spatial.Select(d => d.Output)], at =>
            {
                string[] read = [.. form.Spatial.Select((_, i) => Read(hand, form, i, at[i + 1], tap[i + 2]))];
                HandTensor element = At(x, [at[0], tap[0], tap[1], .. read]);
                hand.Line($"{patch}[{count}++] = {Inside(hand, form.Spatial.Select(d => d.Input), read, element)};");
            });
            Loops(hand, [s.OutChannels], row =>
            {
                HandTensor vector = Vector(At(Grouped(turned, 0, s.Groups), [tap[0], row[0]]), steps);
                Store(hand, At(w, [tap[0], row[0], .. tap[1..]]), Dot(hand, vector, patch, steps), null);
            });
        });
    }

    // Rows of the output begin at the first lane: with zeros up to the next they are one vector.
    private static void Lanes(Hand hand, ConvolutionForm form)
    {
        ConvolutionSizes s = form.Sizes;
        HandTensor y = hand.Input(0), x = hand.Input(1), w = hand.Result;
        int lanes = 64 / y.DType.Size, width = form.Spatial[^1].Output, padded = (width + lanes - 1) / lanes * lanes;
        int steps = s.Batch * s.Outputs / width * padded;
        string line = Array(hand, "lines", y.Word, steps), patch = Array(hand, "patch", y.Word, steps), count = hand.Names.Free("filled");
        Loops(hand, [s.Groups, .. form.Spatial.Select(d => d.Kernel)], tap =>
        {
            hand.Line($"int {count} = 0;");
            Loops(hand, [s.Batch, .. form.Spatial[..^1].Select(d => d.Output)], at =>
            {
                Loops(hand, [width], column =>
                {
                    string[] place = [.. at[1..], column[0]];
                    string[] read = [.. form.Spatial.Select((_, i) => Read(hand, form, i, place[i], tap[i + 1]))];
                    hand.Line($"{line}[{count} + {column[0]}] = {hand.Element(At(y, [at[0], tap[0], .. place]))};");
                    hand.Line($"{patch}[{count} + {column[0]}] = "
                        + $"{Inside(hand, form.Spatial.Select(d => d.Input), read, At(x, [at[0], tap[0], .. read]))};");
                });
                hand.Line($"{count} += {padded};");
            });
            string sum = y.DType.IsFloatingPoint ? "" : WholeSum(hand, line, "0", "1", patch, $"{steps}");
            if (sum.Length == 0)
            {
                hand.Needs(HandProductText.Dot, y.Word);
                sum = $"Dot({line}, 0, 1, {patch}, 0, 1, {steps}, {lanes})";
            }
            Store(hand, At(w, [tap[0], "0", .. tap[1..]]), sum, null);
        });
    }

    /// <summary>Columns of patches, added up at their places.</summary>
    internal static void Fold(Hand hand, ConvolutionForm form)
    {
        ConvolutionSizes s = form.Sizes;
        Shape images = form.Input;
        HandTensor columns = hand.Input(0), y = hand.Result;
        if (y.Shape.NumEl == 0) return;
        // As [N, C, taps, places], in as many dimensions as there are.
        int[] ofPlaces = Strides(columns.Strides[^1], form.Spatial.Select(d => d.Output)), ofTaps =
            Strides(columns.Strides[^2], form.Spatial.Select(d => d.Kernel));
        int batch = columns.Shape.NDim == 3 ? columns.Strides[0] : 0;
        HandTensor x = columns.As(
            [s.Batch, s.InChannels, .. form.Spatial.Select(d => d.Kernel), .. form.Spatial.Select(d => d.Output)],
            [batch, columns.Strides[^2] * s.Taps, .. ofTaps, .. ofPlaces], columns.Offset);
        if (y.Shape.NDim < images.NDim) y = y.As(images, [0, .. y.Strides], y.Offset);
        Loops(hand, [s.Batch, s.InChannels, .. form.Spatial.Select(d => d.Input)], at =>
        {
            hand.Line($"{y.Word} sum = 0;");
            Loops(hand, [.. form.Spatial.Select(d => d.Kernel)], tap =>
            {
                string[] moved = [.. form.Spatial.Select((d, i) => $"{at[i + 2]} + {d.Padding} - {Times(tap[i], d.Dilation)}")];
                string meets = string.Join(" && ", form.Spatial.Select(
                    (d, i) => $"{moved[i]} >= 0 && ({moved[i]}) % {d.Stride} == 0 && ({moved[i]}) / {d.Stride} < {d.Output}"));
                hand.Block($"if ({meets})", () =>
                {
                    string[] read = [.. form.Spatial.Select((d, i) => Place(hand, i, $"({moved[i]}) / {d.Stride}"))];
                    hand.Line($"sum += {hand.Element(At(x, [at[0], at[1], .. tap, .. read]))};");
                });
            });
            hand.Store(At(y, at), "sum");
        });
    }

    private static int[] Strides(int last, IEnumerable<int> sizes)
    {
        int[] each = [.. sizes];
        var strides = new int[each.Length];
        for (int d = each.Length - 1; d >= 0; last *= each[d--]) strides[d] = last;
        return strides;
    }

    /// <summary>Σ a·b.</summary>
    private static string Dot(Hand hand, HandTensor a, string b, object count)
    {
        if (!a.DType.IsFloatingPoint) return WholeSum(hand, hand.Whole(a), a.Place, $"{a.Strides[0]}", b, $"{count}");
        hand.Needs(HandProductText.Blocks, a.Word);
        return $"DotInBlocks({hand.Whole(a)}, {a.Place}, {a.Strides[0]}, {b}, 0, 1, {count}, {count})";
    }

    private static string WholeSum(Hand hand, string a, string start, string step, string b, string count)
    {
        hand.Line("long sum = 0;");
        hand.For(count, i => hand.Line($"sum += (long){a}[{start} + {i} * {step}] * {b}[{i}];"));
        return "sum";
    }

    private static void Store(Hand hand, HandTensor target, string sum, HandTensor? bias)
    {
        if (bias is not null) sum = $"{sum} + {hand.Element(bias)}";
        hand.Store(target, target.DType.IsFloatingPoint ? sum : $"({target.Word})({sum})");
    }

    private static HandTensor? Bias(Hand hand, int groups, string group, string row) =>
        hand.InputOrNull(2) is { } bias ? At(Grouped(bias, 0, groups), [group, row]) : null;

    /// <summary>A dimension as groups and channels.</summary>
    private static HandTensor Grouped(HandTensor x, int dim, int groups)
    {
        int channels = x.Shape[dim] / groups;
        return x.As(
            [.. x.Shape.Sizes[..dim], groups, channels, .. x.Shape.Sizes[(dim + 1)..]],
            [.. x.Strides[..dim], x.Strides[dim] * channels, x.Strides[dim], .. x.Strides[(dim + 1)..]], x.Offset);
    }

    private static HandTensor Contiguous(Hand hand, string name, HandTensor x)
    {
        if (x.IsContiguous) return x;
        HandTensor copy = hand.New(name, x.Shape, x.DType);
        hand.Copy(x, copy);
        return copy;
    }

    private static HandTensor Vector(HandTensor x, int count) => x.As([count], [1], x.Offset);

    private static string Array(Hand hand, string stem, string word, int count)
    {
        string name = hand.Names.Free(stem);
        hand.Line($"{word}[] {name} = new {word}[{count}];");
        return name;
    }

    /// <summary>Loops through so many places; a dimension of one is no loop.</summary>
    internal static void Loops(Hand hand, int[] counts, Action<string[]> body)
    {
        Go([]);

        void Go(string[] variables)
        {
            if (variables.Length == counts.Length) body(variables);
            else if (counts[variables.Length] == 1) Go([.. variables, "0"]);
            else hand.For($"{counts[variables.Length]}", v => Go([.. variables, v]));
        }
    }

    private static string Inside(Hand hand, IEnumerable<int> sizes, string[] read, HandTensor element)
    {
        string condition = string.Join(" && ", sizes.Select((size, i) => $"{read[i]} >= 0 && {read[i]} < {size}"));
        return $"{condition} ? {hand.Element(element)} : {Hand.Zero(element.Word)}";
    }

    /// <summary>The elements at places that loops count; a loop that is none counts nothing.</summary>
    internal static HandTensor At(HandTensor x, string[] places) =>
        x.As(Shape.Of(x.Shape.Sizes[places.Length..]), x.Strides[places.Length..], x.Offset)
            .Plus(places.Select((place, d) => (place, x.Strides[d])).Where(term => term.place != "0"));

    private static string Read(Hand hand, ConvolutionForm form, int dim, string place, string tap)
    {
        ConvolutionDim d = form.Spatial[dim];
        return Place(hand, dim, $"{Times(place, d.Stride)} + {Times(tap, d.Dilation)} - {d.Padding}");
    }

    private static string Place(Hand hand, int dim, string value)
    {
        string name = hand.Names.Free("place" + dim);
        hand.Line($"int {name} = {value};");
        return name;
    }

    private static string Times(string variable, int factor) => factor == 1 ? variable : $"{variable} * {factor}";
}
