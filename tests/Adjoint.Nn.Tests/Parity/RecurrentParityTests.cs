namespace Adjoint.Tests.Parity;

using Adjoint.Nn;
using Adjoint.Tests.RandomNumbers;

/// <summary>Recurrent layers and cells are PyTorch's: text, initial bits, outputs, gradients and training, with every option and for packed sequences.</summary>
[Collection(DefaultGenerator.Collection)]
public class RecurrentParityTests
{
    private const int I = 2, H = 4;
    private static readonly int[] Lengths = [2, 4, 1];

    private static readonly Dictionary<string, (LayerCase.Make Make, bool IsPacked)> Layers = new()
    {
        ["RNN/plain"] = (d => new RNN(I, H, dtype: d), false),
        ["RNN/no_bias"] = (d => new RNN(I, H, bias: false, dtype: d), false),
        ["RNN/batch_first"] = (d => new RNN(I, H, batchFirst: true, dtype: d), false),
        ["RNN/one_sequence"] = (d => new RNN(I, H, dtype: d), false),
        ["RNN/one_sequence_with_state"] = (d => new RNN(I, H, 2, batchFirst: true, dtype: d), false),
        ["RNN/deep"] = (d => new RNN(I, H, 3, dropout: 0.4, dtype: d), false),
        ["RNN/both_ways"] = (d => new RNN(I, H, 2, bidirectional: true, dtype: d), false),
        ["RNN/states"] = (d => new RNN(I, H, 2, bidirectional: true, dtype: d), false),
        ["RNN/packed"] = (d => new RNN(I, H, 2, dropout: 0.3, bidirectional: true, dtype: d), true),
        ["RNN/packed_with_state"] = (d => new RNN(I, H, bidirectional: true, dtype: d), true),
        ["RNN/relu"] = (d => new RNN(I, H, 2, Nonlinearity.Relu, bidirectional: true, dtype: d), false),
        ["LSTM/plain"] = (d => new LSTM(I, H, dtype: d), false),
        ["LSTM/no_bias"] = (d => new LSTM(I, H, bias: false, dtype: d), false),
        ["LSTM/batch_first"] = (d => new LSTM(I, H, batchFirst: true, dtype: d), false),
        ["LSTM/one_sequence"] = (d => new LSTM(I, H, dtype: d), false),
        ["LSTM/one_sequence_with_state"] = (d => new LSTM(I, H, 2, batchFirst: true, dtype: d), false),
        ["LSTM/deep"] = (d => new LSTM(I, H, 3, dropout: 0.4, dtype: d), false),
        ["LSTM/both_ways"] = (d => new LSTM(I, H, 2, bidirectional: true, dtype: d), false),
        ["LSTM/states"] = (d => new LSTM(I, H, 2, bidirectional: true, dtype: d), false),
        ["LSTM/packed"] = (d => new LSTM(I, H, 2, dropout: 0.3, bidirectional: true, dtype: d), true),
        ["LSTM/packed_with_state"] = (d => new LSTM(I, H, bidirectional: true, dtype: d), true),
        ["LSTM/projected"] = (d => new LSTM(I, H, 2, bidirectional: true, projSize: 3, dtype: d), false),
        ["LSTM/projected_packed"] = (d => new LSTM(I, H, bidirectional: true, projSize: 3, dtype: d), true),
        ["GRU/plain"] = (d => new GRU(I, H, dtype: d), false),
        ["GRU/no_bias"] = (d => new GRU(I, H, bias: false, dtype: d), false),
        ["GRU/batch_first"] = (d => new GRU(I, H, batchFirst: true, dtype: d), false),
        ["GRU/one_sequence"] = (d => new GRU(I, H, dtype: d), false),
        ["GRU/one_sequence_with_state"] = (d => new GRU(I, H, 2, batchFirst: true, dtype: d), false),
        ["GRU/deep"] = (d => new GRU(I, H, 3, dropout: 0.4, dtype: d), false),
        ["GRU/both_ways"] = (d => new GRU(I, H, 2, bidirectional: true, dtype: d), false),
        ["GRU/states"] = (d => new GRU(I, H, 2, bidirectional: true, dtype: d), false),
        ["GRU/packed"] = (d => new GRU(I, H, 2, dropout: 0.3, bidirectional: true, dtype: d), true),
        ["GRU/packed_with_state"] = (d => new GRU(I, H, bidirectional: true, dtype: d), true),
        ["RNNCell/plain"] = (d => new RNNCell(I, H, dtype: d), false),
        ["RNNCell/no_bias"] = (d => new RNNCell(I, H, bias: false, dtype: d), false),
        ["RNNCell/one_with_state"] = (d => new RNNCell(I, H, dtype: d), false),
        ["RNNCell/relu"] = (d => new RNNCell(I, H, nonlinearity: Nonlinearity.Relu, dtype: d), false),
        ["LSTMCell/plain"] = (d => new LSTMCell(I, H, dtype: d), false),
        ["LSTMCell/no_bias"] = (d => new LSTMCell(I, H, bias: false, dtype: d), false),
        ["LSTMCell/one_with_state"] = (d => new LSTMCell(I, H, dtype: d), false),
        ["GRUCell/plain"] = (d => new GRUCell(I, H, dtype: d), false),
        ["GRUCell/no_bias"] = (d => new GRUCell(I, H, bias: false, dtype: d), false),
        ["GRUCell/one_with_state"] = (d => new GRUCell(I, H, dtype: d), false),
    };

    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["pack"] = (x, a) =>
        {
            PackedSequence packed = Sequences.PackPaddedSequence(x[0], a.Ints(0), a.Flag(1), a.Flag(2));
            return [packed.Data, Whole(packed.BatchSizes), Whole(packed.SortedIndices), Whole(packed.UnsortedIndices)];
        },
        ["pack_and_pad"] = (x, a) =>
        {
            PackedSequence packed = Sequences.PackPaddedSequence(x[0], a.Ints(0), enforceSorted: a.Flag(2));
            (Tensor padded, IReadOnlyList<int> lengths) = Sequences.PadPackedSequence(packed, a.Flag(1), a.Number(3), (int?)a.NumberOrNull(4));
            return [padded, Whole(lengths)];
        },
        ["pad"] = (x, a) => [Sequences.PadSequence(x, a.Flag(0), a.Number(1))],
        ["pack_parts"] = (x, _) =>
        {
            PackedSequence packed = Sequences.PackSequence(x, enforceSorted: false);
            return [packed.Data, Whole(packed.BatchSizes), Whole(packed.SortedIndices)];
        },
    };

    private static readonly LayerCase[] Cases = [.. Fixtures.Read<LayerCase>("recurrent")];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_is_PyTorchs(string name)
    {
        (LayerCase.Make make, bool isPacked) = Layers[name];
        Cases.Single(c => c.Name == name).Differences(make, (layer, x) => isPacked ? Packed(layer, x) : Called(layer, x)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_copied_and_loaded_it_does_the_same_to_the_bit(string name)
    {
        (LayerCase.Make make, bool isPacked) = Layers[name];
        Cases.Single(c => c.Name == name).DifferencesOfForms(make, (layer, x) => isPacked ? Packed(layer, x) : Called(layer, x)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("pack")]
    [InlineData("pack_and_pad")]
    [InlineData("pad")]
    [InlineData("pack_parts")]
    public void Sequences_are_padded_and_packed_as_by_PyTorch(string operation)
    {
        OpCase[] cases = [.. Fixtures.Read<OpCase>("sequences").Where(c => c.Op == operation)];
        cases.ShouldNotBeEmpty();
        OpParity.Differences(cases, Calls[operation]).ShouldBeEmpty();
    }

    private static Tensor Whole(IReadOnlyList<int>? numbers) => Tensor.From((numbers ?? []).Select(n => (long)n).ToArray());

    internal static Tensor?[] Called(Module layer, Tensor[] x)
    {
        switch (layer)
        {
            case LSTM lstm:
                (Tensor y, (Tensor h, Tensor c)) = lstm.Call(x[0], x.Length > 1 ? (x[1], x[2]) : null);
                return [y, h, c];
            case GRU gru:
                (y, h) = gru.Call(x[0], x.ElementAtOrDefault(1));
                return [y, h];
            case RNN rnn:
                (y, h) = rnn.Call(x[0], x.ElementAtOrDefault(1));
                return [y, h];
            case LSTMCell cell:
                (h, c) = cell.Call(x[0], x.Length > 1 ? (x[1], x[2]) : null);
                return [h, c];
            case GRUCell cell: return [cell.Call(x[0], x.ElementAtOrDefault(1))];
            default: return [((RNNCell)layer).Call(x[0], x.ElementAtOrDefault(1))];
        }
    }

    private static Tensor?[] Packed(Module layer, Tensor[] x)
    {
        PackedSequence packed = Sequences.PackPaddedSequence(x[0], Lengths, enforceSorted: false), y;
        switch (layer)
        {
            case LSTM lstm:
                (y, (Tensor h, Tensor c)) = lstm.Call(packed, x.Length > 1 ? (x[1], x[2]) : null);
                return [y.Data, h, c];
            case GRU gru:
                (y, h) = gru.Call(packed, x.ElementAtOrDefault(1));
                return [y.Data, h];
            default:
                (y, h) = ((RNN)layer).Call(packed, x.ElementAtOrDefault(1));
                return [y.Data, h];
        }
    }
}
