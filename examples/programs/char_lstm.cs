#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// A language model of characters with an LSTM; tests/Parity/programs/char_lstm.py is the same program.
using Adjoint;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

string text = string.Concat(Enumerable.Repeat(
    "the sun rose over the hill and the sea lay still below it. the wind came from the west and went over the sea and the hill. "
    + "the ship lay still on the sea and the crew slept. then the wind rose and the ship went with the wind to the west. ", 4));
Vocabulary letters = Vocabulary.OfCharacters(text);
Tensor data = letters.EncodeCharacters(text);

Rng.ManualSeed(1);
var net = new CharLstm(letters.Count, 64);
var opt = new Adam(net.Parameters(), lr: 5e-3);
const int length = 32, batch = 8;
for (int step = 1; step <= 150; step++)
{
    long[] starts = Tensor.RandInt(0, data.Shape[0] - length - 1, [batch]).ToArray<long>();
    Tensor x = Tensor.Stack([.. starts.Select(s => data.Narrow(0, (int)s, length))]);
    Tensor y = Tensor.Stack([.. starts.Select(s => data.Narrow(0, (int)s + 1, length))]);
    (Tensor scores, _) = net.Call(x, null);
    Tensor loss = F.CrossEntropy(scores.Transpose(1, 2), y);
    opt.ZeroGrad();
    loss.Backward();
    Tensor norm = Gradients.ClipNorm(net.Parameters(), 1.0);
    opt.Step();
    if (step % 25 == 0) Console.WriteLine($"step {step}: loss {loss:F3} norm {norm:F2}");
}

net.Eval();
using (Autograd.NoGrad())
{
    string written = "the ";
    (Tensor H, Tensor C)? state = null;
    Tensor scores = data;
    foreach (char letter in written) (scores, state) = net.Call(letters.EncodeCharacters($"{letter}").Unsqueeze(0), state);
    for (int i = 0; i < 60; i++)
    {
        Tensor probabilities = (scores[0, -1] / 0.5).Softmax(-1);
        string letter = letters.Decode(probabilities.Multinomial(1));
        written += letter;
        (scores, state) = net.Call(letters.EncodeCharacters(letter).Unsqueeze(0), state);
    }
    Console.WriteLine(written);
}

class CharLstm : Module<Tensor, (Tensor H, Tensor C)?, (Tensor Scores, (Tensor H, Tensor C) State)>
{
    readonly Embedding embedding;
    readonly LSTM lstm;
    readonly Linear head;

    public CharLstm(int letters, int width)
    {
        embedding = new(letters, 16);
        lstm = new(16, width, numLayers: 2, batchFirst: true);
        head = new(width, letters);
    }

    protected override (Tensor Scores, (Tensor H, Tensor C) State) Forward(Tensor x, (Tensor H, Tensor C)? state)
    {
        (Tensor output, (Tensor, Tensor) last) = lstm.Call(embedding.Call(x), state);
        return (head.Call(output), last);
    }
}
