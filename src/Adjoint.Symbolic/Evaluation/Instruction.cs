namespace Adjoint.Symbolic;

/// <summary>What one step of a <see cref="CompiledFormula"/> does.</summary>
internal enum Operation
{
    /// <summary>A number.</summary>
    Constant,

    /// <summary>The value of a variable.</summary>
    Variable,

    /// <summary>x + y.</summary>
    Add,

    /// <summary>x − y.</summary>
    Subtract,

    /// <summary>x · y.</summary>
    Multiply,

    /// <summary>x / y.</summary>
    Divide,

    /// <summary>−x.</summary>
    Negate,

    /// <summary>x to the power of a number.</summary>
    PowNumber,

    /// <summary>x to the power of y.</summary>
    Pow,

    /// <summary>A function of one argument.</summary>
    Unary,

    /// <summary>A function of two arguments.</summary>
    Binary,

    /// <summary>A choice by &lt;.</summary>
    IfLess,

    /// <summary>A choice by =.</summary>
    IfEqual,
}

/// <summary>One step: an operation on the results of earlier steps, named by their index.</summary>
internal readonly record struct Instruction(
    Operation Operation, int X = -1, int Y = -1, int Then = -1, int Otherwise = -1, object? Data = null);
