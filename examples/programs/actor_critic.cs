#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// An actor and a critic balance a pole on a cart; tests/Parity/programs/actor_critic.py is the same program.
using Adjoint;
using Adjoint.Nn;
using Adjoint.Optim;

Rng.ManualSeed(3);
var net = new ActorCritic();
var pole = new Pole();
var opt = new Adam(net.Parameters(), lr: 1e-2);
for (int episode = 1; episode <= 12; episode++)
{
    double[] state = pole.Reset();
    List<Tensor> logs = [], values = [];
    for (bool done = false; !done && logs.Count < 200;)
    {
        (Tensor log, Tensor value) = net.Run(Tensor.From([.. state.Select(v => (float)v)]));
        int action = (int)log.Exp().Multinomial(1).Item();
        (state, done) = pole.Step(action);
        logs.Add(log[action]);
        values.Add(value[0]);
    }
    var sums = new double[logs.Count];
    double total = 0;
    for (int i = sums.Length - 1; i >= 0; i--) sums[i] = total = 1.0 + 0.99 * total;
    Tensor returns = Tensor.From([.. sums.Select(v => (float)v)]);
    returns = (returns - returns.Mean()) / (returns.Std() + 1e-6);
    Tensor expected = Tensor.Stack(values);
    Tensor advantage = returns - expected.Detach();
    Tensor loss = -(Tensor.Stack(logs) * advantage).Sum() + F.SmoothL1Loss(expected, returns, reduction: Reduction.Sum);
    opt.ZeroGrad();
    loss.Backward();
    opt.Step();
    Console.WriteLine($"episode {episode}: {logs.Count} steps, loss {loss:F3}");
}

/// <summary>A pole on a cart (Barto, Sutton and Anderson 1983).</summary>
class Pole
{
    double[] _state = new double[4];

    public double[] Reset() => _state = [.. Tensor.Empty(4).UniformInPlace(-0.05, 0.05).ToArray<float>().Select(v => (double)v)];

    public (double[] State, bool Done) Step(int push)
    {
        (double x, double v, double a, double w) = (_state[0], _state[1], _state[2], _state[3]);
        double force = push == 1 ? 10.0 : -10.0;
        double cos = Math.Cos(a), sin = Math.Sin(a);
        double temp = (force + 0.05 * w * w * sin) / 1.1;
        double turn = (9.8 * sin - cos * temp) / (0.5 * (4.0 / 3.0 - 0.1 * cos * cos / 1.1));
        double move = temp - 0.05 * turn * cos / 1.1;
        _state = [x + 0.02 * v, v + 0.02 * move, a + 0.02 * w, w + 0.02 * turn];
        return (_state, Math.Abs(_state[0]) > 2.4 || Math.Abs(_state[2]) > 12 * Math.PI / 180);
    }
}

class ActorCritic : Module
{
    readonly Linear hidden = new(4, 32), actor = new(32, 2), critic = new(32, 1);

    public (Tensor LogProbabilities, Tensor Value) Run(Tensor x)
    {
        Tensor h = F.Relu(hidden.Call(x));
        return (actor.Call(h).LogSoftmax(-1), critic.Call(h));
    }

    protected override Tensor Forward(Tensor x) => Run(x).LogProbabilities;
}
