using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Soak;

/// <summary>Work of one kind and size, whose tensors are left to the collector.</summary>
internal sealed class Phase
{
    private readonly Func<Random, Action<Random, Action?>> _begin;

    private Phase(string name, Func<Random, Action<Random, Action?>> begin)
    {
        Name = name;
        _begin = begin;
        Living = Measured();
    }

    internal string Name { get; }

    /// <summary>Bytes that live at the height of a step.</summary>
    internal long Living { get; }

    /// <summary>Begins the work; what is returned does one step, and is called until the phase ends.</summary>
    internal Action<Random> Begin(Random random)
    {
        Action<Random, Action?> step = _begin(random);
        return r => step(r, null);
    }

    internal static Phase[] All() =>
    [
        Training(batch: 64, hidden: 100), Training(batch: 1000, hidden: 300), Training(batch: 4000, hidden: 500),
        Activations(elements: 1_000_000, depth: 12), Activations(elements: 5_000_000, depth: 6), Activations(elements: 30_000, depth: 60),
        Held(total: 5_000_000), Held(total: 60_000_000), Held(total: 200_000_000),
        Models(width: 200), Models(width: 1200),
        Small(count: 30_000),
    ];

    /// <summary>A network and its optimizer, with batches from the half of a size to the whole.</summary>
    private static Phase Training(int batch, int hidden) => new($"training, batches to {batch}, {hidden} hidden", _ =>
    {
        var net = new Sequential(new Linear(784, hidden), new ReLU(), new Linear(hidden, hidden), new ReLU(), new Linear(hidden, 10));
        var optimizer = new Adam(net.Parameters());
        return (random, height) =>
        {
            Tensor loss = net.Call(Tensor.Rand(height is null ? random.Next(batch / 2, batch) : batch, 784)).Square().Mean();
            height?.Invoke();
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
        };
    });

    /// <summary>A chain of operations whose results are all needed for the gradient.</summary>
    private static Phase Activations(int elements, int depth) => new($"{depth} activations of {elements}", _ =>
    {
        Tensor x = Tensor.Rand([elements], requiresGrad: true);
        return (random, height) =>
        {
            Tensor y = height is null ? x[..random.Next(elements / 2, elements)] : x;
            for (int i = 0; i < depth; i++) y = y.Tanh();
            height?.Invoke();
            y.Sum().Backward();
            x.Grad = null;
        };
    });

    /// <summary>Tensors of all sizes, of which the oldest go.</summary>
    private static Phase Held(long total) => new($"{total / 1_000_000} MB of tensors held", _ =>
    {
        var held = new Queue<Tensor>();
        long bytes = 0;
        return (random, height) =>
        {
            for (int i = 0; i < (height is null ? 20 : 250); i++)
            {
                Tensor x = Tensor.Full([random.Next(1, (int)(total / 100))], 1f) + 1f;
                held.Enqueue(x);
                for (bytes += 4L * x.NumEl; bytes > total;) bytes -= 4L * held.Dequeue().NumEl;
            }
            height?.Invoke();
        };
    });

    /// <summary>Models that are built, used once and dropped.</summary>
    private static Phase Models(int width) => new($"models of {width} x {width}", _ => (random, height) =>
    {
        int hidden = height is null ? random.Next(width / 2, width) : width;
        var net = new Sequential(new Linear(hidden, hidden), new Tanh(), new Linear(hidden, hidden));
        net.Call(Tensor.Rand(8, hidden)).Sum().Backward();
        new Adam(net.Parameters()).Step();
        height?.Invoke();
        GC.KeepAlive(net);
    });

    /// <summary>Many small tensors, held in a list that is made anew.</summary>
    private static Phase Small(int count) => new($"{count} small tensors", _ => (random, height) =>
    {
        var held = new List<Tensor>();
        for (int i = 0; i < (height is null ? random.Next(count) : count); i++) held.Add(Tensor.Zeros(300));
        height?.Invoke();
        GC.KeepAlive(held);
    });

    /// <summary>The most that is in use while another thread collects all the time, so that next to nothing dead is.</summary>
    private long Measured()
    {
        Collected();
        long before = Cpu.Memory.InUse, most = 0;
        bool ended = false;
        var collecting = new Thread(() =>
        {
            while (!Volatile.Read(ref ended))
            {
                Measure();
                Thread.Sleep(5);
            }
        });
        collecting.Start();
        Action<Random, Action?> step = _begin(new Random(1));
        for (int i = 0; i < 2; i++) step(new Random(1), Measure);
        Volatile.Write(ref ended, true);
        collecting.Join();
        return most;

        void Measure()
        {
            Collected();
            most = Math.Max(most, Cpu.Memory.InUse - before);
        }
    }

    private static void Collected()
    {
        GC.Collect();
        Cpu.Memory.Trim();
    }
}
