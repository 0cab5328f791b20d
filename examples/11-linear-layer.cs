#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// The backward pass of a linear layer Y = X·Wᵀ + b: ∂L/∂X = ∂L/∂Y·W and ∂L/∂W = (∂L/∂Y)ᵀ·X, two matrix products.
// The Jacobian ∂Y/∂W is never formed; here once, small, to see that it says the same.
using Adjoint;
using Adjoint.Nn;

// The check of the lecture, on 784-512-512-10 with a batch of 64.
Rng.ManualSeed(0);
Linear fc1 = new(784, 512), fc2 = new(512, 512), fc3 = new(512, 10);
Tensor x = Tensor.Randn(64, 784), y = Tensor.RandInt(0, 10, [64]);
Tensor hidden = fc1.Call(x).Relu();
Tensor input = fc2.Call(hidden).Relu();
Tensor output = fc3.Call(input);
input.RetainGrad();
output.RetainGrad();
F.CrossEntropy(output, y).Backward();

Tensor dX = output.Grad!.MatMul(fc3.Weight.Detach()), dW = output.Grad!.T.MatMul(input.Detach());
Console.WriteLine($"∂L/∂Y {output.Grad!.Shape}   ∂L/∂X {input.Grad!.Shape}   ∂L/∂W {fc3.Weight.Grad!.Shape}");
Console.WriteLine($"diff1 = {(dX - input.Grad!).Abs().Max().Item():F1}");
Console.WriteLine($"diff2 = {(dW - fc3.Weight.Grad!).Abs().Max().Item():F1}");

// The Jacobian of a layer 3 → 2 on a batch of 4, row by row: one backward pass for each of the 8 outputs.
var small = new Linear(3, 2, dtype: DType.Float64);
Tensor data = Tensor.Randn([4, 3], DType.Float64);
Tensor result = small.Call(data).Reshape(8);
Tensor jacobian = Tensor.Stack([.. Enumerable.Range(0, 8).Select(i => Autograd.Grad(result[i], small.Weight, retainGraph: true).Reshape(6))]);
Tensor upstream = Tensor.Randn([8], DType.Float64);
Tensor product = Autograd.Grad(result, small.Weight, upstream);
Console.WriteLine($"∂Y/∂W formed: {jacobian.Shape}, {(jacobian.Ne(0)).Sum().Item()} of its {jacobian.NumEl} elements are not zero");
Console.WriteLine($"upstream·(∂Y/∂W) against the two-line formula: {((upstream.MatMul(jacobian)).Reshape(2, 3) - product).Abs().Max().Item() < 1e-12}");
double elements = 64.0 * 512 * 512 * 784;
Console.WriteLine($"∂Y/∂W of the first layer of the large network would have {elements:E2} elements: {elements * 4 / 1e9:F0} GB of float32");
