using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Cli.Quest;

/// <summary>A model whose training step the quest writes by hand.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Code">The step as one writes it with autograd.</param>
/// <param name="Start">Makes the model anew; gives its step.</param>
internal sealed record QuestModel(string Name, string Code, Func<Action> Start)
{
    /// <summary>The model of a name, or of a file.</summary>
    /// <exception cref="ArgumentException">There is neither, or the file describes none.</exception>
    internal static QuestModel Of(string name) => All.FirstOrDefault(model => model.Name == name)
        ?? (File.Exists(name) ? ModelFile.Read(name) : throw new ArgumentException(
            $"--model {name}: is neither one of {string.Join(", ", All.Select(model => model.Name))}, nor a file."));

    /// <summary>Makes the model anew, with the same numbers each time; gives its step, and the step captured.</summary>
    /// <exception cref="ArgumentException">The step cannot be captured, because of the model.</exception>
    internal (Action Step, Graph Graph) Captured()
    {
        Rng.ManualSeed(1);
        Action step = Start();
        return (step, Asked(() => Graph.Capture(step)));
    }

    /// <summary>What is asked of the model; what cannot be done is said with the name of the model.</summary>
    /// <exception cref="ArgumentException">It cannot be done, because of the model.</exception>
    internal T Asked<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (e is TensorException or InvalidOperationException)
        {
            throw new ArgumentException($"{Name}: {e.Message}", e);
        }
    }

    /// <summary>All that have a name.</summary>
    internal static IReadOnlyList<QuestModel> All { get; } =
    [
        new("mlp",
            """
            var net = new Sequential(new Linear(4, 5), new Tanh(), new Linear(5, 10));
            var opt = new Adam(net.Parameters(), lr: 0.01);
            opt.ZeroGrad();
            F.CrossEntropy(net.Call(x), classes).Backward();
            opt.Step();
            """,
            () =>
            {
                var net = new Sequential(new Nn.Linear(4, 5), new Tanh(), new Nn.Linear(5, 10));
                Tensor x = Tensor.Randn([6, 4]), classes = Tensor.RandInt(0, 10, [6]);
                var opt = new Adam(net.Parameters(), lr: 0.01);
                return () =>
                {
                    opt.ZeroGrad();
                    F.CrossEntropy(net.Call(x), classes).Backward();
                    opt.Step();
                };
            }),
        new("rnn",
            """
            Tensor h = Tensor.Zeros([2, 6]);
            opt.ZeroGrad();
            for (int t = 0; t < 5; t++) h = (x[t].MatMul(wx) + h.MatMul(wh) + b).Tanh();
            F.MseLoss(h, target).Backward();
            opt.Step();
            """,
            () =>
            {
                Tensor wx = Tensor.Randn([3, 6]).RequiresGradInPlace(), wh = Tensor.Randn([6, 6]).RequiresGradInPlace();
                Tensor b = Tensor.Zeros([6]).RequiresGradInPlace(), x = Tensor.Randn([5, 2, 3]), target = Tensor.Randn([2, 6]);
                var opt = new SGD([wx, wh, b], lr: 0.1, momentum: 0.9);
                return () =>
                {
                    Tensor h = Tensor.Zeros([2, 6]);
                    opt.ZeroGrad();
                    for (int t = 0; t < 5; t++) h = (x[t].MatMul(wx) + h.MatMul(wh) + b).Tanh();
                    F.MseLoss(h, target).Backward();
                    opt.Step();
                };
            }),
        new("attention",
            """
            opt.ZeroGrad();
            Tensor q = x.MatMul(wq), k = x.MatMul(wk), v = x.MatMul(wv);
            Tensor y = (q.MatMul(k.Transpose(1, 2)) / 2.0).Softmax(-1).MatMul(v);
            F.MseLoss(y, target).Backward();
            opt.Step();
            """,
            () =>
            {
                Tensor wq = Tensor.Randn([3, 4]).RequiresGradInPlace(), wk = Tensor.Randn([3, 4]).RequiresGradInPlace();
                Tensor wv = Tensor.Randn([3, 4]).RequiresGradInPlace(), x = Tensor.Randn([2, 5, 3]), target = Tensor.Randn([2, 5, 4]);
                var opt = new SGD([wq, wk, wv], lr: 0.1);
                return () =>
                {
                    opt.ZeroGrad();
                    Tensor q = x.MatMul(wq), k = x.MatMul(wk), v = x.MatMul(wv);
                    Tensor y = (q.MatMul(k.Transpose(1, 2)) / 2.0).Softmax(-1).MatMul(v);
                    F.MseLoss(y, target).Backward();
                    opt.Step();
                };
            }),
    ];
}
