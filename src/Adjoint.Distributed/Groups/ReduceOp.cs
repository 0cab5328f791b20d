namespace Adjoint.Distributed;

/// <summary>How the values of all processes become one: PyTorch's <c>dist.ReduceOp</c>.</summary>
public enum ReduceOp
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean; for floating point only.</summary>
    Avg,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>The least; of truth values, whether all are true.</summary>
    Min,

    /// <summary>The largest; of truth values, whether any is true.</summary>
    Max,

    /// <summary>The bits that all have; for whole numbers only.</summary>
    BAnd,

    /// <summary>The bits that any has; for whole numbers only.</summary>
    BOr,

    /// <summary>The bits that an odd number of them have; for whole numbers only.</summary>
    BXor,
}
