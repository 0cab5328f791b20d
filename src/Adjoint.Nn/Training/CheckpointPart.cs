using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Training;

/// <summary>A part of a checkpoint: an object that goes on itself from what was saved of it.</summary>
internal abstract class CheckpointPart
{
    /// <summary>What the file calls it.</summary>
    internal abstract string Kind { get; }

    /// <summary>Whether taking a state that was checked cannot fail; such parts come last.</summary>
    internal virtual bool IsSure => false;

    /// <summary>What is saved of it.</summary>
    internal abstract object? Saved();

    /// <summary>Checks what was saved as far as that can be done without changing anything; the result takes it.</summary>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    internal abstract Action Prepare(object? saved);

    /// <summary>Keeps what the part is now; the result brings that back.</summary>
    internal virtual Action Keep()
    {
        object? before = Saved();
        return () => Prepare(before)();
    }

    /// <summary>The part that an object is; null for a value.</summary>
    /// <exception cref="ArgumentException">It is a list of tensors with null in it.</exception>
    internal static CheckpointPart? Of(string name, object? value) => value switch
    {
        Module module => new OfModule(name, module),
        Optimizer optimizer => new OfOptimizer(name, optimizer),
        IStateful stateful => new OfStateful(name, stateful),
        Generator generator => new OfGenerator(name, generator),
        Tensor tensor => new OfTensors(name, [tensor], isOne: true),
        IEnumerable<Tensor> tensors => new OfTensors(name, [.. tensors], isOne: false),
        _ => null,
    };

    private static ArgumentException Wrong(string name, string kind) =>
        new($"Checkpoint: what the file has as \"{name}\" is no state of {kind}.", nameof(name));

    private sealed class OfModule(string name, Module module) : CheckpointPart
    {
        internal override string Kind => "module";

        internal override bool IsSure => true;

        internal override object Saved() => module.StateDict();

        internal override Action Prepare(object? saved)
        {
            var state = new OrderedDictionary<string, Tensor>();
            foreach ((string key, object? value) in States.Named(saved) ?? TensorsOf(saved) ?? throw Wrong(name, "a module"))
                state[key] = value as Tensor ?? throw Wrong($"{name}.{key}", "a parameter");
            module.CheckLoads(state);
            return () => module.LoadStateDict(state);
        }

        private static Dictionary<string, object?>? TensorsOf(object? saved) =>
            (saved as IReadOnlyDictionary<string, Tensor>)?.ToDictionary(pair => pair.Key, object? (pair) => pair.Value);
    }

    private sealed class OfOptimizer(string name, Optimizer optimizer) : CheckpointPart
    {
        internal override string Kind => "optimizer";

        internal override object Saved() => optimizer.StateDict().ToTorch();

        internal override Action Prepare(object? saved)
        {
            OptimizerState state;
            try
            {
                state = OptimizerState.FromTorch(saved);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"Checkpoint: \"{name}\": {e.Message}", nameof(name), e);
            }
            return () => optimizer.LoadStateDict(state);
        }

        // What it remembers is replaced, not changed: the old tensors are those that come back.
        internal override Action Keep()
        {
            OptimizerState before = optimizer.StateDict();
            return () => optimizer.LoadStateDict(before);
        }
    }

    private sealed class OfStateful(string name, IStateful stateful) : CheckpointPart
    {
        internal override string Kind => "stateful";

        internal override object Saved() => new OrderedDictionary<string, object?>(stateful.StateDict()
            ?? throw new InvalidOperationException($"{TypeText.Of(stateful.GetType())}.StateDict gave null."));

        internal override Action Prepare(object? saved)
        {
            IReadOnlyDictionary<string, object?> state = States.Named(saved) ?? throw Wrong(name, TypeText.Of(stateful.GetType()));
            return () => stateful.LoadStateDict(state);
        }
    }

    private sealed class OfGenerator(string name, Generator generator) : CheckpointPart
    {
        internal override string Kind => "generator";

        internal override bool IsSure => true;

        internal override object Saved() => Tensor.From(generator.GetState());

        internal override Action Prepare(object? saved)
        {
            byte[] state = States.Bytes(saved) ?? throw Wrong(name, "a generator");
            try
            {
                _ = new Generator(0).With(state);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"Checkpoint: \"{name}\": {e.Message}", nameof(name), e);
            }
            return () => generator.SetState(state);
        }
    }

    private sealed class OfTensors : CheckpointPart
    {
        private readonly string _name;
        private readonly Tensor[] _tensors;
        private readonly bool _isOne;

        internal OfTensors(string name, Tensor[] tensors, bool isOne)
        {
            (_name, _tensors, _isOne) = (name, tensors, isOne);
            if (Array.Exists(tensors, x => x is null))
                throw new ArgumentException($"Checkpoint: \"{name}\" is a list of tensors with null in it.", nameof(name));
        }

        internal override string Kind => _isOne ? "tensor" : "tensors";

        internal override bool IsSure => true;

        internal override object Saved() => _isOne ? _tensors[0].Detach() : Array.ConvertAll(_tensors, x => x.Detach()).ToList();

        internal override Action Prepare(object? saved)
        {
            Tensor[] values = _isOne && saved is Tensor one ? [one]
                : !_isOne && saved is System.Collections.IEnumerable list and not Tensor ? [.. list.OfType<Tensor>()]
                : throw Wrong(_name, _isOne ? "a tensor" : "a list of tensors");
            if (values.Length != _tensors.Length)
                throw new ArgumentException(
                    $"Checkpoint: the file has {values.Length} tensors as \"{_name}\", but here are {_tensors.Length}.", "name");
            for (int i = 0; i < values.Length; i++)
                if (!values[i].Shape.Equals(_tensors[i].Shape) || values[i].DType != _tensors[i].DType)
                    throw new StateDictException(
                        $"Checkpoint: tensor {i} of \"{_name}\" is {values[i].DType} of shape {values[i].Shape} in the file, but "
                        + $"{_tensors[i].DType} of shape {_tensors[i].Shape} here.");
            return () =>
            {
                using GradScope _ = Autograd.NoGrad();
                for (int i = 0; i < values.Length; i++) _tensors[i].CopyInPlace(values[i].Detach());
            };
        }
    }
}
