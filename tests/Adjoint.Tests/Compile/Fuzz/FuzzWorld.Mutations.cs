using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Compile.Fuzz;

/// <remarks>What happens between calls, and what arguments they have.</remarks>
internal sealed partial class FuzzWorld
{
    internal const int Mutations = 48;

    private bool IsLayered => Net is Sequential;

    /// <summary>Changes something; the same in each world for the same numbers.</summary>
    internal void Change(int kind, Random random)
    {
        int i = random.Next(100);
        Tensor made = Make(random);
        Rng.ManualSeed(i);
        switch (kind)
        {
            case 0: T[i % T.Length] = made; break;
            case 1: T[i % T.Length] = T[(i + 1) % T.Length]; break;
            case 2: Unrecorded(() => T[i % T.Length].CopyInPlace(made)); break;
            case 3: if (T[i % T.Length].IsLeaf) T[i % T.Length].RequiresGrad = !T[i % T.Length].RequiresGrad; break;
            case 4: P[i % P.Length].Grad = null; break;
            case 5: P[i % P.Length].Grad = made; break;
            case 6: P[0].Grad = P[1].Grad; break;
            case 7: P[i % P.Length].Grad = P[(i + 1) % P.Length].Detach(); break;
            case 8: Net.Train(!Net.Training); break;
            case 9: Own.Train(!Own.Training); break;
            case 10: Own.Scale = i * 0.1; break;
            case 11: Own.Shift = made; break;
            case 12: Own.Inner = Own.Inner is null ? IsLayered ? new ReLU() : new FuzzModule(Shape) : null; break;
            case 13: if (IsLayered) ((Adjoint.Nn.Linear)((Sequential)Net)[0]).Weight = Tensor.Full([3, 3], 0.3f).AsParameter(); break;
            case 14: if (IsLayered) ((Sequential)Net).Append(new Adjoint.Nn.Linear(3, 3)); break;
            case 15: Opt = NewOptimizer(i); break;
            case 16: Other = new SGD([P[2]], 0.2); break;
            case 17: Opt.ParamGroups[0].Lr = 0.001 * (i + 1); break;
            case 18: if (Opt.ParamGroups.Count == 1) Opt.AddParamGroup(new ParamGroup([P[2]])); break;
            case 19: Saved = Opt.StateDict(); break;
            case 20: if (Saved is not null && Saved.ParamGroups.Count == Opt.ParamGroups.Count) Opt.LoadStateDict(Saved); break;
            case 21: A = i * 0.01; break;
            case 22: B = i * 0.01f; break;
            case 23: K = i % 4; break;
            case 24: Flag = !Flag; break;
            case 25: Dec = i; break;
            case 26: Maybe = Maybe is null ? i : null; break;
            case 27: Pair = (i, Pair.Y + 1); break;
            case 28: Record = Record with { Rate = i }; break;
            case 29: Struct.Pair = (i, 0.5f); break;
            case 30: Struct.Rate = i; break;
            case 31: Hide(i * 0.1); break;
            case 32: Link.Next!.Next!.Next!.Next!.Next!.Value = i; break;
            case 33: Numbers[i % 2] = i; break;
            case 34: Rates[0] = i; break;
            case 35: Function = x => x + i; break;
            case 36: Common = i; break;
            case 37: Boxed = i * 0.5; break;
            case 38: Row[i % Row.Count] = made; break;
            case 39: Named["a"] = made; break;
            case 40: Hooks.Add(P[i % P.Length].RegisterHook(g => { HookCalls++; return g * 2; })); break;
            case 41: Hooks.Add(Net.RegisterForwardHook((_, _, y) => { HookCalls++; return y * 2; })); break;
            case 42: foreach (HookHandle hook in Hooks) hook.Remove(); Hooks.Clear(); break;
            case 43: Drawn = new Generator(i); break;
            case 44: (T[0], T[1]) = (made, Same(made)); break;
            case 45: P[i % P.Length].RequiresGrad = !P[i % P.Length].RequiresGrad; break;
            case 46: Net = Net.DeepCopy(); Opt = NewOptimizer(i); break;
            case 47: Opt.ZeroGrad(i % 2 == 0); Other.Step(); break;
        }
    }

    /// <summary>The arguments of a call; the same in each world for the same numbers.</summary>
    internal Tensor[] ArgumentsOf(Random random)
    {
        var all = new Tensor[_program.Arguments];
        for (int i = 0; i < all.Length; i++)
        {
            Tensor made = Make(random);
            all[i] = random.Next(24) switch
            {
                0 => T[random.Next(T.Length)],
                1 => Same(T[random.Next(T.Length)]),
                2 => Long(made, random.Next(3), random),
                3 => Long(made, random.Next(3), random),
                4 => i > 0 ? all[0] : made,
                5 => i > 0 ? Same(all[0]) : made,
                6 => made.RequiresGradInPlace(),
                7 => Shape.NDim == 2 ? made.T : made,
                8 => P[random.Next(P.Length)],
                9 => P[random.Next(P.Length)].Detach(),
                10 => Row[0],
                11 => Shape.NumEl > 1 ? made[..1].Expand(Shape) : made,
                12 => P[random.Next(P.Length)].Grad is { } g ? g : made,
                13 => made.To(DType.Float64),
                14 => P[0] * made,
                15 => Held(made),
                _ => made,
            };
        }
        return all;
    }

    private Shape With(int first) => Shape.NDim == 0 ? [first] : Shape.NDim == 1 ? [first, Shape[0]] : [first, Shape[0], Shape[1]];

    // What the function holds becomes a part of the argument's memory.
    private Tensor Held(Tensor made)
    {
        Tensor whole = Tensor.Zeros(With(4));
        Unrecorded(() => whole[1].CopyInPlace(made));
        T[0] = whole[3];
        return whole[1];
    }

    private Tensor Long(Tensor made, int at, Random random)
    {
        Tensor whole = Tensor.Zeros(With(3 + random.Next(2)));
        Unrecorded(() => whole[at].CopyInPlace(made));
        return whole[at];
    }

    private static Tensor Same(Tensor x) => x.NDim == 0 ? x.Unsqueeze(0).Squeeze(0) : x[..];

    private static void Unrecorded(Action action)
    {
        using (Autograd.NoGrad()) action();
    }
}
