using Adjoint.Plots;

namespace Adjoint.Nn;

/// <summary>Tensors in charts.</summary>
/// <example><code>
/// Console.Write(losses.Plot("loss").ToText());
/// File.WriteAllText("fit.svg", new Chart("fit").Scatter("data", x, y).Line("network", x, net.Call(x).Detach().Flatten()).ToSvg());
/// </code></example>
public static class TensorCharts
{
    extension(Tensor values)
    {
        /// <summary>A chart of the elements of a vector over their places 1, 2, 3, …</summary>
        /// <param name="title">What is shown.</param>
        /// <exception cref="AutogradException">The tensor requires grad; draw its Detach().</exception>
        /// <exception cref="ShapeException">It is no vector.</exception>
        public Chart Plot(string title = "") => new Chart(title).Line(title, Numbers(values.Given(), "Plot"));
    }

    extension(Chart chart)
    {
        /// <summary>Adds a line through the elements of a vector over their places 1, 2, 3, …</summary>
        /// <param name="name">What the legend calls it.</param>
        /// <param name="values">The values [n].</param>
        /// <exception cref="AutogradException">The tensor requires grad; draw its Detach().</exception>
        /// <exception cref="ShapeException">It is no vector.</exception>
        public Chart Line(string name, Tensor values) => chart.Given().Line(name.Given(), Numbers(values.Given(), "Line"));

        /// <summary>Adds a line through points.</summary>
        /// <param name="name">What the legend calls it.</param>
        /// <param name="x">Where they are, horizontally [n].</param>
        /// <param name="y">And vertically [n].</param>
        /// <exception cref="AutogradException">A tensor requires grad; draw its Detach().</exception>
        /// <exception cref="ShapeException">They are no vectors, or not of the same size.</exception>
        public Chart Line(string name, Tensor x, Tensor y) => chart.Given().Line(name.Given(), Points(x.Given(), y.Given(), "Line"));

        /// <summary>Adds points that are not joined.</summary>
        /// <param name="name">What the legend calls them.</param>
        /// <param name="x">Where they are, horizontally [n].</param>
        /// <param name="y">And vertically [n].</param>
        /// <exception cref="AutogradException">A tensor requires grad; draw its Detach().</exception>
        /// <exception cref="ShapeException">They are no vectors, or not of the same size.</exception>
        public Chart Scatter(string name, Tensor x, Tensor y) =>
            chart.Given().Scatter(name.Given(), Points(x.Given(), y.Given(), "Scatter"));
    }

    private static IEnumerable<(double, double)> Points(Tensor x, Tensor y, string what)
    {
        double[] left = Numbers(x, what), right = Numbers(y, what);
        return left.Length == right.Length ? left.Zip(right)
            : throw new ShapeException(
                $"{what}: there are {left.Length} values for the horizontal axis and {right.Length} for the vertical one.");
    }

    private static double[] Numbers(Tensor x, string what)
    {
        // As PyTorch's numpy(), which every drawing of a tensor goes through there: the history would be lost without a word.
        if (x.RequiresGrad)
            throw new AutogradException(
                $"{what}: cannot draw a tensor that requires grad. Draw its Detach(), which has the same numbers without the history.");
        if (x.NDim != 1)
            throw new ShapeException(
                $"{what}: a line is drawn through a vector, but the tensor has the shape {x.Shape}. Use Flatten() or take a row.");
        return x.ToArray<double>();
    }
}
