using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Compile.Fuzz;

/// <remarks>What a random function does.</remarks>
internal sealed partial class FuzzWorld
{
    internal const int Kinds = 52, FirstRare = 28, FirstChain = 46, Clears = 11, GoesBack = 12, Steps = 13;

    private void Do(FuzzLine line, List<Tensor> r, IReadOnlyList<Tensor> arguments)
    {
        (int kind, int a, int b) = line;
        Tensor x = Pick(r, a), y = Pick(r, b);
        switch (kind)
        {
            case 0: r.Add(x + y); break;
            case 1: r.Add(x * T[b % T.Length]); break;
            case 2: r.Add((x - P[b % P.Length]).Tanh()); break;
            case 3: r.Add(x.Relu() * A); break;
            case 4: r.Add(x.Sigmoid() + B); break;
            case 5: r.Add(Net.Call(x)); break;
            case 6: r.Add(Own.Call(x)); break;
            case 7: r.Add(x.Reshape(Shape) * K); break;
            case 8: r.Add(x.Detach()); break;
            case 9: r.Add(P[a % P.Length] * x + P[b % P.Length]); break;
            case 10: r.Add((x * 0.1).Exp()); break;
            case Clears: (a % 3 == 0 ? Other : Opt).ZeroGrad(a % 5 != 0); break;
            case GoesBack:
                if (r.FindLast(z => z.RequiresGrad) is { } loss) (loss.Square().Sum() * 0.1).Backward(retainGraph: true);
                break;
            case Steps: (a % 3 == 0 ? Other : Opt).Step(); break;
            case 14: r.Add(x * Row[b % Row.Count]); break;
            case 15: r.Add(x + Named["a"]); break;
            case 16: r.Add(Flag ? x * 2 : x - y); break;
            case 17: r.Add(x * (double)Dec * (Maybe ?? 1)); break;
            case 18: r.Add(x * Pair.X + Pair.Y); break;
            case 19: r.Add(x * Record.Rate); break;
            case 20: r.Add(x * Struct.Rate + Struct.Held! + Struct.Pair.Part * Struct.Pair.Count); break;
            case 21: r.Add(x * Hidden()); break;
            case 22: r.Add(x * Link.Next!.Next!.Next!.Next!.Next!.Value); break;
            case 23: r.Add(x * Numbers[b % 2] + Rates[a % Rates.Count]); break;
            case 24: r.Add(Function(x)); break;
            case 25: r.Add(x * Common * (double)Boxed); break;
            case 26: r.Add(x * Tensor.Rand(Shape, generator: Drawn)); break;
            case 27: r.Add(x.Dropout(0.5)); break;
            case 28:
                using (Autograd.NoGrad()) T[b % T.Length].AddInPlace(x.Detach() * 0.5);
                break;
            case 29:
                using (Autograd.NoGrad()) arguments[b % arguments.Count].MulInPlace(0.5);
                break;
            case 30:
                using (Autograd.NoGrad()) r.Add(x * y);
                break;
            case 31: r.Add(Tensor.Full(Shape, (float)A) * x + Tensor.From([B, 2f]).Sum()); break;
            case 32: r.Add(Tensor.From([B]).AddInPlace(1) * x); break;
            case 33: P[a % P.Length].Grad = b % 2 == 0 ? null : x.Detach().Clone(); break;
            case 34: r.Add(P[a % P.Length].Grad is { } g ? g * 2 : x); break;
            case 35: Gradients.ClipNorm(P, 0.5); break;
            case 36: r.Add(x * Opt.ParamGroups[0].Lr); break;
            case 37: Count++; break;
            case 38: T[a % T.Length] = x.Detach().Clone(); break;
            case 39: Net.Eval(); r.Add(Net.Call(x)); Net.Train(); break;
            case 40:
                Tensor leaf = x.Detach().Clone().RequiresGradInPlace();
                r.Add(Autograd.Grad((leaf.Tanh() * leaf).Sum(), leaf));
                break;
            case 41:
                Tensor p = Tensor.Full(Shape, 0.5f).RequiresGradInPlace();
                var inner = new SGD([p], 0.1, momentum: 0.5);
                (p * x.Detach()).Sum().Backward();
                inner.Step();
                r.Add(p.Detach());
                break;
            case 42: r.Add(T[a % T.Length].RequiresGrad ? x : x * 3); break;
            case 43: Rates.Add(0.125); Rates.RemoveAt(Rates.Count - 1); r.Add(x * Rates.Count); break;
            case 44: r.Add(x * Net.Parameters().Count() + (Own.Training ? 1 : 0)); break;
            case >= FirstChain: Chain(x, a, b, r); break;
            case 45: r.Add(ReferenceEquals(arguments[0], T[a % T.Length]) ? x : x + Graph.Number(() => A)); break;
        }
    }
}
