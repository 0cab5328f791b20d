using System.Diagnostics;
using System.Globalization;

namespace Adjoint;

/// <remarks>
/// // Note [Seen in a debugger]
/// A debugger asks while everything stands still, again and again, and on whatever thread. So nothing of it runs an operation, takes a
/// lock, or changes anything; what it reads is bounded, however large a tensor is; and of a tensor whose memory is gone it says so.
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(TensorDebugView))]
public sealed partial class Tensor
{
    private const int ShownInLine = 6;

    /// <summary>Dtype, shape, the first elements, and what it is in a graph: all that fits a line.</summary>
    internal string DebuggerText
    {
        get
        {
            string role = GradFn is { } node ? $" grad_fn={node.Name}" : RequiresGrad ? " requires_grad" : "";
            try
            {
                string[] first = DebuggerElements(ShownInLine);
                string values = NumEl == 0 ? "" : $" {{ {string.Join(", ", first)}{(NumEl > first.Length ? ", …" : "")} }}";
                return $"{DType} {Shape}{values}{role}";
            }
            catch (ObjectDisposedException)
            {
                return $"{DType} {Shape} disposed{role}";
            }
        }
    }

    /// <summary>The first elements in row-major order, as they are read from memory.</summary>
    internal string[] DebuggerElements(int most)
    {
        var texts = new string[Math.Min(NumEl, most)];
        ReadOnlySpan<int> strides = Strides;
        for (int i = 0; i < texts.Length; i++)
        {
            int place = Offset, rest = i;
            for (int d = NDim - 1; d >= 0; d--)
            {
                place += rest % Shape[d] * strides[d];
                rest /= Shape[d];
            }
            texts[i] = DebuggerElement(place);
        }
        return texts;
    }

    private string DebuggerElement(int place)
    {
        var reading = new ElementReading(this, place);
        Dispatch.Number(DType, ref reading);
        return DType.IsBool ? reading.Text == "0" ? "false" : "true" : reading.Text;
    }

    private struct ElementReading(Tensor x, int place) : INumberWork
    {
        internal string Text { get; private set; } = "";

        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            using var memory = new Loan();
            Text = memory.Around<T>(x)[place].ToString(null, CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>What a debugger shows of a tensor that is opened. See Note [Seen in a debugger].</summary>
internal sealed class TensorDebugView(Tensor x)
{
    private const int Shown = 100;

    public Shape Shape => x.Shape;

    public DType DType => x.DType;

    public bool RequiresGrad => x.RequiresGrad;

    public bool IsLeaf => x.IsLeaf;

    public Node? GradFn => x.GradFn;

    public Tensor? Grad => x.GradOrNull;

    public int[] Strides => x.Strides.ToArray();

    /// <summary>The first hundred elements in row-major order.</summary>
    public string[] Elements
    {
        get
        {
            try
            {
                return x.DebuggerElements(Shown);
            }
            catch (ObjectDisposedException)
            {
                return ["disposed"];
            }
        }
    }
}
