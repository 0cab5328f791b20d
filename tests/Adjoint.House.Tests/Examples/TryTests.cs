using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Examples;

/// <summary>
/// What each lesson suggests to try, done: the change is made as a learner would make it, and what is promised is seen. Where a lesson
/// asks a question, the answer stands here.
/// </summary>
[Collection(ThreadCount.Collection)]
public class TryTests
{
    private sealed record Change(string Lesson, (string From, string To)[] Edits, string[] Seen);

    private static readonly Change[] Changes =
    [
        new("00-first-network", [("new Linear(2, 8), new Tanh(), new Linear(8, 1), new Sigmoid()", "new Linear(2, 1), new Sigmoid()")],
            ["step 20: loss 0.25", "step 60: loss 0.25"]),
        new("01-quest-auto", [("lr: 0.05", "lr: 0.7")],
            ["loss 6.25 ", "loss 7.2092247 ", "epoch 5  loss 12236.061", "epoch 1  loss 8.166667 ", "epoch 5  loss 3.4117086"]),
        new("02-quest-manual", [("two * error * x;", "error * two * x;")], [new Example("02-quest-manual").Expected!]),
        new("03-nine-rows", [("x = 1.5f", "x = 0f")],
            ["w.Grad                          -0 ", "b.Grad                          -8.5 ", "0.5, 0.6", "agree in every row"]),
        new("04-node-by-node", [("product = w * x", "product = w * w * x"), ("w = Tensor.Scalar(0.5", "w = Tensor.Scalar(2")],
            ["├─ (<AccumulateGrad> w, 0)", "└─ (<AccumulateGrad> w, 0)", "<MulBackward0>  gives (5.25, null)", "Backward(): w.Grad = 21"]),
        new("05-computation-graphs", [("Tensor t = x + y;", "Tensor t = x + x;")], ["SumBackward0\ntensor([2., 2., 2.])"]),
        new("05-computation-graphs", [("Tensor t = x + y;", "Tensor t = x.Detach() + x;")],
            ["tensor([2., 4., 6.], grad_fn=<AddBackward0>)", "SumBackward0\ntensor([1., 1., 1.])"]),
        new("06-graphs-and-paths", [("c1 = a * 4", "c1 = b1 * 4")], ["9 · 4 · 3 = 108", "the 4 paths together: 432; by Backward(): 432"]),
        new("07-tensors-and-methods", [("Reassign(mine)", "Reassign(ref mine)"), ("Reassign(Tensor x)", "Reassign(ref Tensor x)")],
            ["after Reassign   tensor([10., 20., 30.])  id 2  version 0  the same object: False"]),
        new("08-training-step", [("relu.RetainGrad();", "relu.RetainGrad(); fc1.RetainGrad();")], ["fc1_output.Grad  [5, 5]"]),
        new("09-zero-grad-forgotten", [("lr: 0.08", "lr: 0.04")], ["  60               0.0000     0.0278   |          18.74 "]),
        new("10-optimizers-by-hand", [("Beta2 = 0.999", "Beta2 = 0.9")],
            ["library -0.95       by hand -0.95", "Adam                   1 of 1000 steps identical"]),
        new("11-batches", [("[0..3, 3..6]", "[0..5, 5..6]"), ("y[part]) * 0.5)", "y[part]) * (part.GetOffsetAndLength(6).Length / 6.0))")],
            ["largest difference below 1e-15: True"]),
        new("12-convexity", [("lr = 0.1", "lr = 0.5")], ["after 60 steps w = 2.000, b = 1.000, loss 0.000000", "     4 ┤   888"]),
        new("12-convexity", [("lr = 0.1", "lr = 1.0")], ["after 60 steps w = 1087364097", "     4 ┤   888"]),
        new("13-exploding-and-vanishing", [("1.1, 2]", "1.1, 1.5, 2]")], ["weight 1.5: the gradient of the first is 1.9e+05"]),
        new("14-control-flow", [("[0.5f, -2, 3]", "[0.1f, -2, 3]")], ["doubled 7 times, to 10 or more y = 12.8000   dy/dx = 128.0000"]),
        new("15-custom-functions", [("Tensor g) => g * Saved(0)!.Sigmoid()", "Tensor g) => g * Saved(0)!.Sigmoid() * 1.01")],
            ["GradCheckException: GradCheck: the Jacobian of result 0 with respect to input 0 is wrong at entry (0, 0)"]),
        new("16-numeric", [("ErrorCurve.Of(f, x);", "ErrorCurve.Of(f, x, NumericMethod.Central);")],
            ["1e-06      1e-10", "error ∝ h^2.0 where truncation rules"]),
        new("17-logistic-map", [("OfLogisticMap(10)", "OfLogisticMap(12)")],
            [" 11        166402", "     110\n", " 12        394242", "     121\n"]),
        new("18-forward-mode", [("x2 = Dual<Real<double>>.Constant(5)", "x2 = Dual<Real<double>>.Variable(new(5))")],
            ["f(2 + ε, 5) = 11.652071455223084 + 7.216337814536773ε", "+ 1.7163378145367738ε"]),
        new("19-reverse-mode", [("=> x[0].Log() + x[0] * x[1] - x[1].Sin()", "=> (x[0].Log() + x[0] * x[1] - x[1].Sin()) * x[1]")],
            ["v̄₀ + v̄₃·∂v₃/∂v₀", "v̄₀ + v̄₂·∂v₂/∂v₀", "v̄₋₁ + v̄₁·∂v₁/∂v₋₁", "∂f/∂x1 = 27.5, ∂f/∂x2 = 20.2337"]),
        new("20-jacobians", [("[(2, 100),", "[(1, 1000), (2, 100),")],
            ["R^1 → R^1000:  forward 1 passes in 1 evaluations", "chosen: Forward; equal: True"]),
        new("21-linear-layer", [("Rand(64, 28", "Rand(128, 28"), ("10, [64])", "10, [128])")],
            ["X [128, 512]   W [512, 512]   Y [128, 512]", "diff1 = 0.0", "diff2 = 0.0"]),
        new("22-modules", [("inFeatures, outFeatures).AsParameter()", "inFeatures, outFeatures)")],
            ["named_parameters: l0.bias, l1.bias\n"]),
        new("23-parameters", [("other = Network()", "other = new(new Linear(4, 6), new ReLU(), new Linear(6, 2))")],
            ["StateDictException: LoadStateDict: the state does not fit Sequential. Size mismatch for 0.weight: the state has shape [5, "
                + "4], the module [6, 4]."]),
        new("24-backward-through-modules", [("x.Grad = null;", "x = x.Detach();")], ["-- layer1 frozen", "dw1 null", "dx  null"]),
        new("26-dropout", [("p = 0.5", "p = 0.9")], ["evaluation -0.343   apart 0.002", "one pass is off by 1.618"]),
        new("27-batch-norm", [("Tensor y = norm.Call(x)", "Tensor y = norm.Call(x[..1])")],
            ["ShapeException: BatchNorm1d: expected more than 1 value per channel when training"]),
        new("27-batch-norm", [("Tensor y = norm.Call(x)", "Tensor y = norm.Eval().Call(x[..1])")], ["Seen: mean 0"]),
        new("28-mnist", [("    net.Train();", "    Console.WriteLine(net.Training);")],
            ["True\nepoch 1", "False\nepoch 2", "False\nepoch 3"]),
        new("30-a-captured-graph", [("w * x + b - y", "(w * x + b).Tanh() - y")], ["= tanh(add1)", "= tanh_backward("]),
        new("31-paths-of-a-gradient", [("new Linear(1, 1), new Tanh(), new Linear(1, 1)", "new Linear(1, 2), new Tanh(), new Linear(2, 1)")],
            ["0.weight[0, 0] = ", ": 1 path, derivative"]),
        new("32-explain-a-gradient", [("(w * 2).Detach()", "(w * 2)")], ["the gradient of w[0] = 1 is 6", "it is the sum of 1 term"]),
        new("29-over-fitting", [("Range(0, 300)", "Range(0, 3000)")], ["   0.3 ┤* ooooooooo"]),
        new("33-by-hand", [("(w * x + b).Tanh() - y", "w * x + b - y")], ["sub1[i] = add1[i] - y[i];", "mul2[i] = d_sub1[i] * x[i];"]),
        new("34-compiled-steps", [("y) * 1.0;", "y) * (x.Sum().Item() > 0 ? 1.0 : 2.0);")], ["GraphException: Item: reads elements of a tensor in C#"]),
    ];

    /// <summary>Its full size takes the memory and the time of 168 million weights.</summary>
    private static readonly string[] TooLarge = ["25-grad-modes"];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Changes.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void What_a_lesson_suggests_works_and_shows_what_it_promises(int number)
    {
        Change change = Changes[number];
        string printed = new Example(change.Lesson).RunChanged(change.Edits);
        int from = 0;
        foreach (string text in change.Seen)
        {
            int at = printed.IndexOf(text, from, StringComparison.Ordinal);
            at.ShouldBeGreaterThanOrEqualTo(0, $"'{text}' should follow in:\n{printed[from..]}");
            from = at + 1;
        }
        if (!change.Seen.Any(text => text.Contains("Exception", StringComparison.Ordinal))) printed.ShouldNotContain("Unhandled exception");
    }

    [Fact]
    public void Every_lesson_has_its_suggestion_tried() =>
        Changes.Select(change => change.Lesson).Concat(TooLarge).Distinct().Order(StringComparer.Ordinal).ShouldBe(Example.Names);
}
