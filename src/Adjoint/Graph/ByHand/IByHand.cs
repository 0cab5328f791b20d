namespace Adjoint;

/// <summary>An operation that can be written as a person would write it: with loops over arrays.</summary>
internal interface IByHand
{
    /// <summary>Writes what it does, with the bits of its kernel.</summary>
    /// <param name="hand">Writes, and knows the operands.</param>
    void Write(Hand hand);

    /// <summary>Its formula in x, y and z for a comment, where the table has none, or none that says how it was called.</summary>
    string Formula => "";
}
