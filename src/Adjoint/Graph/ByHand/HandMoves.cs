namespace Adjoint;

/// <summary>Writes operations that only move elements: which element goes where is asked of the operation itself.</summary>
internal static class HandMoves
{
    /// <summary>y = what the operation makes of x.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="move">The operation.</param>
    internal static void Write(Hand hand, Func<Tensor, Tensor> move)
    {
        HandTensor x = hand.Input(0), y = hand.Result;
        if (y.Shape.NumEl == 0) return;
        int[] places = Places(hand, x.Shape, y.Shape, move);
        if (Straight(x, y.Shape, places) is { } source) hand.Copy(source, y);
        else FromTable(hand, x, y, places);
    }

    /// <summary>The number of the element that goes to each place; −1 for a 0.</summary>
    private static int[] Places(Hand hand, Shape shape, Shape result, Func<Tensor, Tensor> move)
    {
        using Unrecorded _ = Unrecorded.Begin();
        // Moved by themselves, and once more as other numbers: who computes with them gives himself away.
        long[] first = Moved(i => i + 1), second = Moved(i => (i + 7L) * (i + 3L) * 1_000_003);
        var places = new int[first.Length];
        for (int i = 0; i < places.Length; i++)
        {
            long place = first[i] - 1;
            bool isMoved = place == -1 ? second[i] == 0 : place >= 0 && place < shape.NumEl
                && second[i] == (place + 7) * (place + 3) * 1_000_003;
            if (!isMoved) throw hand.Refused("");
            places[i] = (int)place;
        }
        return places;

        long[] Moved(Func<long, long> number)
        {
            Tensor moved = move(Tensor.From([.. Enumerable.Range(0, shape.NumEl).Select(i => number(i))]).Reshape(shape));
            return moved.Shape.Equals(result) ? Elements.ToArray<long>(moved) : throw hand.Refused("");
        }
    }

    // Steps of one length along each dimension: the elements where they lie are the result.
    private static HandTensor? Straight(HandTensor x, Shape result, int[] places)
    {
        if (places.Contains(-1)) return null;
        int[] lies = [.. places.Select(place => Lies(x, place))];
        var strides = new int[result.NDim];
        for (int d = result.NDim - 1, step = 1; d >= 0; step *= result[d--]) strides[d] = result[d] == 1 ? 0 : lies[step] - lies[0];
        HandTensor source = x.As(result, strides, lies[0]);
        for (int i = 0; i < places.Length; i++)
            if (Lies(source, i) != lies[i]) return null;
        return source;
    }

    private static int Lies(HandTensor x, int number)
    {
        int place = x.Offset;
        for (int d = x.Shape.NDim - 1; d >= 0; d--)
        {
            place += number % x.Shape[d] * x.Strides[d];
            number /= x.Shape[d];
        }
        return place;
    }

    private static void FromTable(Hand hand, HandTensor x, HandTensor y, int[] places)
    {
        string table = hand.Names.Free("places");
        string numbers = string.Join(", ", places.Select(place => place < 0 ? place : Lies(x, place)));
        foreach (string line in HandValues.Lines($"int[] {table} = [{numbers}];")) hand.Line(line);
        bool hasZeros = places.Contains(-1), isVariable = hand.IsVariable(x.Memory);
        var memory = new GraphMemory(-1, GraphRole.Result, DType.Int32, places.Length, null) { Name = table };
        HandTensor from = HandTensor.Whole(memory, y.Shape);
        string name = hand.Name(x.Memory), zero = x.Word is "float" or "double" ? "0" : Hand.Zero(x.Word);
        hand.Each(e =>
        {
            string place = $"{table}[{e[1].Place}]", element = isVariable ? name : $"{name}[{place}]";
            hand.Store(e[0], hasZeros ? $"{place} < 0 ? {zero} : {element}" : element);
        }, y, from);
    }
}
