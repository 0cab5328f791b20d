namespace Adjoint;

/// <summary>Sums with products, written over what they are added to, which has their shape.</summary>
public sealed partial class Tensor
{
    /// <summary>this = β·this + α·(a·b), in place: torch's addmm_.</summary>
    /// <inheritdoc cref="AddMm"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor AddMmInPlace(Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        Replacement.Plain("AddMmInPlace", this, x => x.AddMm(a.Given(), b.Given(), beta, alpha));

    /// <summary>this = β·this + α·(A·v), in place: torch's addmv_.</summary>
    /// <inheritdoc cref="AddMv"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor AddMvInPlace(Tensor matrix, Tensor vector, double beta = 1, double alpha = 1) =>
        Replacement.Plain("AddMvInPlace", this, x => x.AddMv(matrix.Given(), vector.Given(), beta, alpha));

    /// <summary>this = β·this + α·(x·yᵀ), in place: torch's addr_.</summary>
    /// <inheritdoc cref="AddR"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor AddRInPlace(Tensor left, Tensor right, double beta = 1, double alpha = 1) =>
        Replacement.Plain("AddRInPlace", this, x => x.AddR(left.Given(), right.Given(), beta, alpha));

    /// <summary>this = β·this + α·Σ A[b]·B[b], in place: torch's addbmm_.</summary>
    /// <inheritdoc cref="AddBmm"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor AddBmmInPlace(Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        Replacement.Plain("AddBmmInPlace", this, x => x.AddBmm(a.Given(), b.Given(), beta, alpha));

    /// <summary>this = β·this + α·(A[b]·B[b]) for every b, in place: torch's baddbmm_.</summary>
    /// <inheritdoc cref="BAddBmm"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor BAddBmmInPlace(Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        Replacement.Plain("BAddBmmInPlace", this, x => x.BAddBmm(a.Given(), b.Given(), beta, alpha));
}
