namespace Adjoint.Tests.Surface.Words;

/// <summary>What people try and what is not to be written, with the reason; the compiler objects to each.</summary>
internal static class NotWords
{
    private const string Property =
        "what is known without computing is a property: the compiler says so, and a second form would be read as another thing";
    private const string OneDevice = "there is one device, so there is nothing to move";

    internal static readonly (string Guess, string Reason)[] Lines =
    [
        ("x.NumEl()", Property),
        ("x.NDim()", Property),
        ("x.Shape()", Property),
        ("x.T()", Property),
        ("x.IsContiguous()", Property),
        ("x.Length", "of how many is it the length? NumEl counts elements, Size(0) rows"),
        ("x.Rank", "the rank of a matrix is something else; NDim"),
        ("x.Cpu()", OneDevice),
        ("x.Cuda()", OneDevice),
        ("x.To(\"cpu\")", OneDevice),
        ("x.Data", "writing past the record by accident: Detach() shares memory and says what it does"),
        ("x.Half()", "there is no Float16"),
        ("x.Numpy()", "ToArray<float>(), AsSpan<float>()"),
        ("x.Item<string>()", "no tensor holds strings"),
        ("new Tensor(2, 3)", "says nothing of what is in it: Zeros, Empty, From"),
        ("new Tensor(new[] { 1f })", "From, or Tensor t = array"),
        ("Tensor.Full(2, 3, 0)", "see Note [What a shape is written as]: one int is no shape"),
        ("Tensor.Full(3, 0.5)", "see Note [What a shape is written as]"),
        ("Tensor.RandInt(0, 10, 5)", "see Note [What a shape is written as]: RandInt(0, 10, [5])"),
        ("x.Reshape(\"2 3\")", "sizes are ints"),
        ("x ? 1 : 0", "a truth value of many numbers is ambiguous: (bool)x.Any()"),
        ("(x > 1) && (x < 3)", "C# asks the left side for one truth value first: &"),
        ("x.Sum(0, 1)", "the second argument is keepDim: Sum([0, 1])"),
        ("x.Std(unbiased: false)", "correction: 0 says what is done"),
        ("x << 1", "a method says on which side the bits are lost: BitwiseLeftShift"),
        ("x.MatMul(y) @ x", "C# has no such operator"),
        ("net(x)", "a C# object is not called; Call"),
        ("new Linear(2)", "needs both sizes"),
        ("new SGD(net, lr: 0.1)", "takes parameters, so that it is seen which: net.Parameters()"),
        ("new Adam(net.Parameters(), betas: [0.9, 0.99])", "two numbers of different meaning are a tuple: (0.9, 0.99)"),
        ("new Adam(net.Parameters(), beta1: 0.9)", "one word for both: betas"),
        ("Tensor.NoGrad()", "of the engine: Autograd.NoGrad()"),
        ("Tensor.FromSystem(System.Numerics.Tensors.Tensor.Create(new[] { 1f }))",
            "System.Numerics.Tensors is a package, and the core depends on the runtime alone; TensorPrimitives works on AsSpan<float>() "
            + "as it is"),
        ("x.Equal(y)", "one letter from Equals, which compares references: ElementsEqual, or == element by element"),
    ];
}
