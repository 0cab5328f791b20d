using System.Text.RegularExpressions;

namespace Adjoint;

/// <summary>A <see cref="Graph"/> as the program that one would write by hand.</summary>
public static class GraphCSharp
{
    extension(Graph graph)
    {
        /// <summary>
        /// The graph as a class of plain C#: loops over arrays, forward, backward and update, without a reference to Adjoint. Every
        /// number has the bits that the captured function gives on this machine.
        /// </summary>
        /// <param name="name">What the class is called.</param>
        /// <param name="main">Whether it has an entry point, which runs it and prints what is left.</param>
        /// <returns>
        /// A file of C#. What outlives a run (parameters, buffers, what the optimizer remembers) are public fields, with the numbers that
        /// they have now; <c>Run()</c> is one call of the function. Sums, products of matrices and elementary functions whose rounding is
        /// that of a kernel are methods at its end.
        /// </returns>
        /// <exception cref="GraphException">An operation has no written form; the message names it.</exception>
        /// <exception cref="ArgumentException">The name is none of C#.</exception>
        /// <example><code>
        /// Tensor w = Tensor.Scalar(0.5, requiresGrad: true), x = 2.0;
        /// Graph g = Graph.Capture(() => (w * x).Square().Backward());
        /// Console.WriteLine(g.ToCSharp());        // float mul1 = w * x; …
        /// </code></example>
        public string ToCSharp(string name = "ByHand", bool main = false)
        {
            graph.Given();
            name.Given();
            if (name.Length == 0 || !(char.IsLetter(name[0]) || name[0] == '_') || !name.All(c => char.IsLetterOrDigit(c) || c == '_'))
                throw new ArgumentException($"ToCSharp: a class cannot be called \"{name}\". Use letters, digits and _.", nameof(name));
            string text = HandNames.IsOfTheLanguage(name) ? "" : HandProgram.Of(graph, name, main).Text;
            // A class has no member of its own name.
            string member = $@"^\s*(?:public |private |internal )?static (?!class )(?:\([^)]*\) )?[^=;(]*\b{name}\b";
            if (text.Length == 0 || Regex.IsMatch(text, member, RegexOptions.Multiline))
                throw new ArgumentException(
                    $"ToCSharp: the class cannot be called \"{name}\": the language, or something in it, is called so. Use another name.",
                    nameof(name));
            return text;
        }
    }
}
