namespace Adjoint;

/// <summary>Sums with products, written over what they are added to, which has their shape.</summary>
public sealed partial class Tensor
{
    /// <summary>this = β·this + α·(a·b), in place: torch's addmm_.</summary>
    /// <inheritdoc cref="AddMm"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor AddMmInPlace(Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        Replacement.Plain("AddMmInPlace", this, a.Given(), b.Given(), (x, a, b) => x.AddMm(a, b, beta, alpha));

    /// <summary>this = β·this + α·(A·v), in place: torch's addmv_.</summary>
    /// <inheritdoc cref="AddMv"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor AddMvInPlace(Tensor matrix, Tensor vector, double beta = 1, double alpha = 1) =>
        Replacement.Plain(
            "AddMvInPlace", this, matrix.Given(), vector.Given(), (x, matrix, vector) => x.AddMv(matrix, vector, beta, alpha));

    /// <summary>this = β·this + α·(x·yᵀ), in place: torch's addr_.</summary>
    /// <inheritdoc cref="AddR"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor AddRInPlace(Tensor left, Tensor right, double beta = 1, double alpha = 1) =>
        Replacement.Plain("AddRInPlace", this, left.Given(), right.Given(), (x, left, right) => x.AddR(left, right, beta, alpha));

    /// <summary>this = β·this + α·Σ A[b]·B[b], in place: torch's addbmm_.</summary>
    /// <inheritdoc cref="AddBmm"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor AddBmmInPlace(Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        Replacement.Plain("AddBmmInPlace", this, a.Given(), b.Given(), (x, a, b) => x.AddBmm(a, b, beta, alpha));

    /// <summary>this = β·this + α·(A[b]·B[b]) for every b, in place: torch's baddbmm_.</summary>
    /// <inheritdoc cref="BAddBmm"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor BAddBmmInPlace(Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        Replacement.Plain("BAddBmmInPlace", this, a.Given(), b.Given(), (x, a, b) => x.BAddBmm(a, b, beta, alpha));
}
