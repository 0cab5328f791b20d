namespace Adjoint.Tests.Surface.Words;

/// <summary>Functions of tensors as PyTorch's module has them: <c>Tensor.Exp(x)</c>.</summary>
internal static class StaticGuesses
{
    private static readonly string[] s_ofOne =
    [
        "Exp", "Log", "Log2", "Log10", "Log1p", "Expm1", "Sqrt", "Rsqrt", "Square", "Sin", "Cos", "Tan", "Tanh", "Sigmoid", "Relu",
            "Abs", "Neg",
        "Sign", "Floor", "Ceil", "Round", "Trunc", "Frac", "Reciprocal", "Erf", "Sum", "Mean", "Prod", "Max", "Min", "Std", "Var",
        "Norm", "ArgMax",
        "ArgMin", "Median", "All", "Any", "Flatten", "Ravel", "Squeeze", "Clone", "Detach", "IsNaN", "IsFinite", "NonZero", "LogicalNot",
        "Triu", "Tril", "Trace", "Diag", "Gelu", "Silu", "CountNonZero",
    ];

    internal static readonly (string Guess, string Same)[] Lines =
    [
        .. s_ofOne.Select(name => ($"Tensor.{name}(x)", $"x.{name}()")),
        ("Tensor.Add(x, y)", "x + y"),
        ("Tensor.Add(x, 2)", "x + 2"),
        ("Tensor.Add(x, 0)", "x"),
        ("Tensor.Add(x, y, 2)", "x + 2 * y"),
        ("Tensor.Sub(x, 1)", "x - 1"),
        ("Tensor.Mul(x, 2)", "x * 2"),
        ("Tensor.Div(x, y)", "x / y"),
        ("Tensor.Pow(x, 2)", "x * x"),
        ("Tensor.MatMul(x, y)", "x.MatMul(y)"),
        ("Tensor.Dot(v, v)", "v.Dot(v)"),
        ("Tensor.Outer(v, v)", "v.Outer(v)"),
        ("Tensor.Maximum(x, 2)", "x.Maximum(2)"),
        ("Tensor.Sum(x, 0)", "x.Sum(0)"),
        ("Tensor.Sum(x, dim: 1, keepDim: true)", "x.Sum(1, true)"),
        ("Tensor.Sum(x, [0, 1])", "x.Sum()"),
        ("Tensor.Mean(x, 0)", "x.Mean(0)"),
        ("Tensor.Max(x, 1).Values", "x.Max(1).Values"),
        ("Tensor.Max(x, dim: 0).Indices", "x.Max(0).Indices"),
        ("Tensor.ArgMax(x, 1)", "x.ArgMax(1)"),
        ("Tensor.ArgMax(x, 0)", "x.ArgMax(0)"),
        ("Tensor.Softmax(x, 1)", "x.Softmax(1)"),
        ("Tensor.Softmax(x, dim: -1)", "x.Softmax(-1)"),
        ("Tensor.LogSoftmax(x, 1)", "x.LogSoftmax(1)"),
        ("Tensor.Clamp(v, 0, 1)", "v.Clamp(0, 1)"),
        ("Tensor.Clamp(v, 0)", "v.Relu()"),
        ("Tensor.Clamp(v, min: 0)", "v.Relu()"),
        ("Tensor.Reshape(x, 4)", "x.Flatten()"),
        ("Tensor.Reshape(x, -1, 1)", "x.Reshape(4, 1)"),
        ("Tensor.Transpose(x, 0, 1)", "x.T"),
        ("Tensor.Permute(x, 1, 0)", "x.T"),
        ("Tensor.Unsqueeze(x, 0)", "x.Unsqueeze(0)"),
        ("Tensor.CumSum(v, 0)", "v.CumSum(0)"),
        ("Tensor.Sort(v).Values", "v.Sort().Values"),
        ("Tensor.TopK(v, 2).Indices", "v.TopK(2).Indices"),
        ("Tensor.Split(x, 1)", "x.Split(1)"),
        ("Tensor.Chunk(x, 2)", "x.Chunk(2)"),
        ("Tensor.Gather(x, 1, Tensor.From([[0L], [1L]]))", "Tensor.From([[1f], [4f]])"),
        ("Tensor.Norm(v, 1)", "v.Abs().Sum()"),
        ("Tensor.Lerp(x, y, 0.5)", "x.Lerp(y, 0.5)"),
        ("Tensor.Exp(2.0)", "Tensor.Scalar(2).Exp()"),
        ("Tensor.Exp(input: x)", "x.Exp()"),
        ("list.Select(Tensor.Exp).Sum()", "x.Exp() + y.Exp()"),
        ("Do(() => { Func<Tensor, Tensor> f = Tensor.Tanh; return f(v); })", "v.Tanh()"),
    ];
}
