using System.Globalization;

namespace Adjoint.Optim;

/// <summary>What <see cref="LBFGS"/> remembers: the last changes of parameters and gradients, in the state that is saved.</summary>
internal sealed class LbfgsMemory(IDictionary<string, object?> state)
{
    /// <summary>How many directions there were in all steps.</summary>
    internal double Iterations { get => this["n_iter"]; set => state["n_iter"] = value; }

    /// <summary>The length of the last move along its direction.</summary>
    internal double Length { get => this["t"]; set => state["t"] = value; }

    /// <summary>The estimate's diagonal.</summary>
    internal double Diagonal { get => this["H_diag"]; set => state["H_diag"] = value; }

    /// <summary>The loss before the last move.</summary>
    internal double PreviousLoss { get => this["prev_loss"]; set => state["prev_loss"] = value; }

    /// <summary>How often the loss was computed in all steps.</summary>
    internal double Evaluations { get => this["func_evals"]; set => state["func_evals"] = value; }

    /// <summary>The last direction.</summary>
    internal Tensor Direction { get => (Tensor)state["d"]!; set => state["d"] = value; }

    /// <summary>The gradient before the last move.</summary>
    internal Tensor PreviousGradient { get => (Tensor)state["prev_flat_grad"]!; set => state["prev_flat_grad"] = value; }

    /// <summary>How many changes are remembered.</summary>
    internal int Count => (int)(this["history_end"] - this["history_begin"]);

    /// <summary>A change, from the oldest on: of the gradient, of the parameters, and 1/(y·s).</summary>
    internal (Tensor OfGradient, Tensor OfParameters, double Inverse) this[int i]
    {
        get
        {
            string number = (this["history_begin"] + i).ToString(CultureInfo.InvariantCulture);
            return ((Tensor)state[$"old_dirs.{number}"]!, (Tensor)state[$"old_stps.{number}"]!, this[$"ro.{number}"]);
        }
    }

    /// <summary>Remembers a change, and forgets the oldest where there are too many.</summary>
    internal void Add(Tensor ofGradient, Tensor ofParameters, double inverse, int most)
    {
        while (Count >= most)
        {
            string oldest = this["history_begin"].ToString(CultureInfo.InvariantCulture);
            foreach (string name in (string[])["old_dirs", "old_stps", "ro"]) state.Remove($"{name}.{oldest}");
            state["history_begin"] = this["history_begin"] + 1;
        }
        string number = this["history_end"].ToString(CultureInfo.InvariantCulture);
        (state[$"old_dirs.{number}"], state[$"old_stps.{number}"], state[$"ro.{number}"]) = (ofGradient, ofParameters, inverse);
        state["history_end"] = this["history_end"] + 1;
    }

    private double this[string name] => state.TryGetValue(name, out object? value) && value is double number ? number : 0;
}
