namespace Adjoint.Tests.Compile.Twins;

/// <summary>
/// Two models made alike and trained side by side, one of them by a compiled step, with whatever a user does between steps: after each
/// step and each of these all of both is compared, to the bit.
/// </summary>
internal sealed class TwinProgram(TwinModel model, int seed)
{
    private const int Steps = 25;

    private readonly Twin _eager = new(model, isCompiled: false), _compiled = new(model, isCompiled: true);
    private readonly List<string> _log = [];

    /// <summary>Runs it; the result says what the compiled step did.</summary>
    /// <exception cref="InvalidOperationException">Something differs.</exception>
    internal string Run()
    {
        var random = new Random(seed);
        for (int i = 0; i < Steps; i++)
        {
            Rng.ManualSeed(1000 * seed + i);
            int rows = random.Next(5) == 0 ? 3 : 4;
            Tensor x = model.Input(rows), t = Tensor.RandInt(0, 3, [rows]);
            bool isReal = x.DType == DType.Float32;
            if (random.Next(15) == 0) Throws("a class that is none", x, WithBadClass(t));
            if (random.Next(25) == 0 && isReal) Throws("doubles", x.To(DType.Float64), t);
            if (random.Next(15) == 0 && isReal) x = x.Transpose(0, -1).Contiguous().Transpose(0, -1);
            if (!Both("step", twin => twin.Call(x, t))) break;
            if (random.Next(2) == 0) continue;
            (string name, Action<Twin, Tensor, Tensor> act) = TwinEvents.All[random.Next(TwinEvents.All.Count)];
            bool goesOn = Both(name, twin =>
            {
                act(twin, x, t);
                return null;
            });
            if (!goesOn) break;
        }
        return _compiled.Explain();
    }

    private static Tensor WithBadClass(Tensor t)
    {
        Tensor bad = t.Clone();
        bad[0] = Tensor.From(7L);
        return bad;
    }

    // Whether it goes on: after an error, which both must have, the step as it is may have done half of what it does.
    private bool Both(string what, Func<Twin, Tensor?> act)
    {
        int start = 100 + _log.Count;
        _log.Add(what);
        Rng.ManualSeed(start);
        (Tensor? expected, string? refused) = Of(_eager);
        byte[] drawn = Rng.Default.GetState();
        Rng.ManualSeed(start);
        (Tensor? actual, string? error) = Of(_compiled);
        if (error != refused) throw Differs($"the error, '{refused}' and compiled '{error}',");
        if (error is not null) return false;
        if (!drawn.SequenceEqual(Rng.Default.GetState())) throw Differs("the default generator");
        if (expected is not null)
        {
            if (Twin.Text(expected) != Twin.Text(actual!)) throw Differs("the result");
            _eager.Kept.Add(expected);
            _compiled.Kept.Add(actual!);
        }
        Compare();
        return true;

        (Tensor? Result, string? Error) Of(Twin twin)
        {
            try
            {
                return (act(twin), null);
            }
            catch (Exception e)
            {
                return (null, $"{e.GetType().Name}: {e.Message}");
            }
        }
    }

    // Nothing is changed by a call that throws.
    private void Throws(string what, Tensor x, Tensor t)
    {
        _log.Add(what);
        string before = _compiled.State();
        byte[] drawn = Rng.Default.GetState();
        Should.Throw<Exception>(() => _compiled.Call(x, t)).ShouldNotBeOfType<GraphException>();
        if (_compiled.State() != before) throw Differs("what a call left that threw,");
        if (!drawn.SequenceEqual(Rng.Default.GetState())) throw Differs("the default generator after a call that threw");
    }

    private void Compare()
    {
        string[] expected = _eager.State().Split('\n'), actual = _compiled.State().Split('\n');
        for (int i = 0; i < Math.Max(expected.Length, actual.Length); i++)
            if (expected.ElementAtOrDefault(i) != actual.ElementAtOrDefault(i)) throw Differs(expected.ElementAtOrDefault(i) ?? actual[i]);
        // What somebody holds changes as it does outside.
        for (int i = 0; i < _eager.Kept.Count; i++)
            if (Twin.Text(_eager.Kept[i]) != Twin.Text(_compiled.Kept[i])) throw Differs($"what was kept as number {i}");
    }

    private InvalidOperationException Differs(string what) => new(
        $"{model}, program {seed}: {what[..Math.Min(what.Length, 300)]} differs after {string.Join("; ", _log)}\n{_compiled.Explain()}");
}
