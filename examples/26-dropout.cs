#:project ../src/Adjoint.Nn/Adjoint.Nn.csproj
// Shows dropout: in training each pass runs a thinned network, in evaluation the whole one, which stands for the average of all of them.
// Why it matters: Train() and Eval() change what a network computes. Forgetting Eval() makes its answers random.
// Try: p = 0.9. The passes scatter three times as far, and the average still comes to the same.
using Adjoint;
using Adjoint.Nn;

const double p = 0.5;
Rng.ManualSeed(0);
Tensor x = Tensor.Ones(10);
var dropout = new Dropout(p);
Console.WriteLine($"x                {x}");
Console.WriteLine($"training, once   {dropout.Call(x)}");
Console.WriteLine($"training, again  {dropout.Call(x)}");
Console.WriteLine($"evaluation       {dropout.Eval().Call(x)}");
Console.WriteLine();

// What is kept is divided by 1 − p, so that the expectation stays. With a linear layer behind it, the mean over the thinned networks
// is exactly what evaluation computes; with a ReLU behind that, nearly.
var net = new Sequential(new Dropout(p), new Linear(10, 1));
Tensor sum = Tensor.Zeros(1), squares = Tensor.Zeros(1);
double exact = Evaluate();
const int passes = 20_000;
using (Autograd.NoGrad())
{
    net.Train();
    Tensor outputs = net.Call(x.Expand(passes, 10));    // one thinned network for each row
    foreach (int n in (int[])[1, 10, 100, 1000, passes])
    {
        Tensor some = outputs[..n];
        Console.WriteLine($"mean over {n,5} thinned networks {some.Mean().Item(),8:F3}   evaluation {exact:F3}   apart {Math.Abs(some.Mean().Item() - exact):F3}");
    }
    double scatter = outputs.Std().Item();
    Console.WriteLine($"one pass is off by {scatter:F3} on average; the mean of {passes:N0} should be off by {scatter / Math.Sqrt(passes):F4}");
}
Console.WriteLine("Seen: the mean over many thinned networks comes to what Eval() computes at once; a single pass in training mode does not.");

double Evaluate()
{
    net.Eval();
    using (Autograd.NoGrad()) return net.Call(x).Item();
}
