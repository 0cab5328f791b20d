#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows the backward pass of a linear layer Y = X·W: ∂L/∂X = ∂L/∂Y·Wᵀ and ∂L/∂W = Xᵀ·∂L/∂Y, two matrix products; the lecture's check.
// Why it matters: the Jacobian ∂Y/∂W of the first layer below has 1.3e10 elements. It is never formed; here once, for a small layer.
// Try: batch 128, in both places where it says 64. The shapes of W and ∂L/∂W do not change, and the differences are 0 still.
using Adjoint;
using Adjoint.Nn;

// One element first. Y = X·W, so Y₁ⱼ = Σᵢ X₁ᵢ·Wᵢⱼ, and X₁₁ occurs only in the first row of Y, there with W₁ⱼ:
// ∂Y/∂X₁₁ is the first row of W above zeros, and ∂L/∂X₁₁ its inner product with ∂L/∂Y. All elements together: ∂L/∂X = ∂L/∂Y·Wᵀ.
Tensor X = Tensor.From([1.0, 2, 3, 4], [2, 2], requiresGrad: true), W = Tensor.From([5.0, 6, 7, 8, 9, 10], [2, 3]);
Tensor Y = X.MatMul(W), dLdY = Tensor.From([1.0, -1, 2, 0.5, 3, -2], [2, 3]);
Tensor column = Tensor.Stack([.. Enumerable.Range(0, 6).Select(i => Autograd.Grad(Y.Reshape(6)[i], X, retainGraph: true)[0, 0])]).Reshape(2, 3);
Console.WriteLine($"W       = {Row(W[0])} / {Row(W[1])}");
Console.WriteLine($"∂Y/∂X₁₁ = {Row(column[0])} / {Row(column[1])}");
Console.WriteLine($"⟨∂L/∂Y, ∂Y/∂X₁₁⟩ = {(dLdY * column).Sum().Item()}, and (∂L/∂Y·Wᵀ)₁₁ = {dLdY.MatMul(W.T)[0, 0].Item()}");
// The homework, ∂L/∂W: Wᵢⱼ occurs in column j of Y, in row k with the factor Xₖᵢ. So ∂L/∂Wᵢⱼ = Σₖ Xₖᵢ·(∂L/∂Y)ₖⱼ = (Xᵀ·∂L/∂Y)ᵢⱼ.
Console.WriteLine();

// The check, as on the slide. A layer of PyTorch and of this library keeps Wᵀ, of shape [out, in].
Rng.ManualSeed(0);
var net = new NeuralNetwork();
Tensor images = Tensor.Rand(64, 28, 28), labels = Tensor.RandInt(0, 10, [64]);
Tensor logits = net.Call(images);
F.CrossEntropy(logits, labels).Backward();
Tensor input = net.LayerInput, output = net.LayerOutput, weight = net.Fc2.Weight;
Console.WriteLine($"X {input.Shape}   W {weight.Shape}   Y {output.Shape}");
Console.WriteLine($"∂L/∂X {input.Grad!.Shape}   ∂L/∂W {weight.Grad!.Shape}   ∂L/∂Y {output.Grad!.Shape}");
double diff1 = (output.Grad.MatMul(weight.Detach()) - input.Grad).Abs().Sum().Item();
double diff2 = (output.Grad.T.MatMul(input.Detach()) - weight.Grad).Abs().Sum().Item();
Console.WriteLine($"diff1 = {diff1:F1}");
Console.WriteLine($"diff2 = {diff2:F1}");
Console.WriteLine();

// The Jacobian of a layer 3 → 2 on a batch of 4, row by row: one backward pass for each of the 8 outputs.
var small = new Linear(3, 2, dtype: DType.Float64);
Tensor data = Tensor.Randn([4, 3], DType.Float64);
Tensor result = small.Call(data).Reshape(8);
Tensor jacobian = Tensor.Stack([.. Enumerable.Range(0, 8).Select(i => Autograd.Grad(result[i], small.Weight, retainGraph: true).Reshape(6))]);
Tensor upstream = Tensor.Randn([8], DType.Float64);
Tensor product = Autograd.Grad(result, small.Weight, upstream);
Console.WriteLine($"∂Y/∂W formed: {jacobian.Shape}, {jacobian.Ne(0).Sum().Item()} of its {jacobian.NumEl} elements are not zero");
Console.WriteLine($"upstream·(∂Y/∂W) equals the product of the two matrices: {(upstream.MatMul(jacobian).Reshape(2, 3) - product).Abs().Max().Item() < 1e-12}");
double elements = 64.0 * 512 * 512 * 784;
Console.WriteLine($"∂Y/∂W of the first layer of the large network would have {elements:0.0e+00} elements: {elements * 4 / 1e9:F0} GB of float32");
Console.WriteLine("Seen: diff1 = diff2 = 0: autograd does these two products, and the Jacobian is not needed.");

static string Row(Tensor t) => "(" + string.Join(", ", t.ToArray<double>()) + ")";

class NeuralNetwork : Module
{
    private readonly Flatten _flatten = new();
    private readonly Linear _fc1 = new(28 * 28, 512, bias: false), _fc3 = new(512, 10, bias: false);

    public Linear Fc2 { get; } = new(512, 512, bias: false);

    // Two buffers, which each forward pass assigns anew.
    public Tensor LayerInput { get; private set; } = Tensor.Empty([0]).AsBuffer();

    public Tensor LayerOutput { get; private set; } = Tensor.Empty([0]).AsBuffer();

    protected override Tensor Forward(Tensor x)
    {
        LayerInput = _fc1.Call(_flatten.Call(x)).Relu();
        LayerInput.RetainGrad();
        LayerOutput = Fc2.Call(LayerInput);
        LayerOutput.RetainGrad();
        return _fc3.Call(LayerOutput.Relu());
    }
}
