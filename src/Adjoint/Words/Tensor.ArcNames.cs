namespace Adjoint;

/// <summary>The arc functions by the names of NumPy, which PyTorch has besides its own.</summary>
public sealed partial class Tensor
{
    /// <summary>arccos x, element by element: torch.arccos, <see cref="Acos()"/>.</summary>
    public Tensor Arccos() => Tensor.Speaking("Arccos", Acos);

    /// <summary>x = arccos x, in place: torch's arccos_, <see cref="AcosInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor ArccosInPlace() => Tensor.Speaking("ArccosInPlace", AcosInPlace);

    /// <summary>arcosh x, element by element: torch.arccosh, <see cref="Acosh()"/>.</summary>
    public Tensor Arccosh() => Tensor.Speaking("Arccosh", Acosh);

    /// <summary>x = arcosh x, in place: torch's arccosh_, <see cref="AcoshInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor ArccoshInPlace() => Tensor.Speaking("ArccoshInPlace", AcoshInPlace);

    /// <summary>arcsin x, element by element: torch.arcsin, <see cref="Asin()"/>.</summary>
    public Tensor Arcsin() => Tensor.Speaking("Arcsin", Asin);

    /// <summary>x = arcsin x, in place: torch's arcsin_, <see cref="AsinInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor ArcsinInPlace() => Tensor.Speaking("ArcsinInPlace", AsinInPlace);

    /// <summary>arsinh x, element by element: torch.arcsinh, <see cref="Asinh()"/>.</summary>
    public Tensor Arcsinh() => Tensor.Speaking("Arcsinh", Asinh);

    /// <summary>x = arsinh x, in place: torch's arcsinh_, <see cref="AsinhInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor ArcsinhInPlace() => Tensor.Speaking("ArcsinhInPlace", AsinhInPlace);

    /// <summary>arctan x, element by element: torch.arctan, <see cref="Atan()"/>.</summary>
    public Tensor Arctan() => Tensor.Speaking("Arctan", Atan);

    /// <summary>x = arctan x, in place: torch's arctan_, <see cref="AtanInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor ArctanInPlace() => Tensor.Speaking("ArctanInPlace", AtanInPlace);

    /// <summary>artanh x, element by element: torch.arctanh, <see cref="Atanh()"/>.</summary>
    public Tensor Arctanh() => Tensor.Speaking("Arctanh", Atanh);

    /// <summary>x = artanh x, in place: torch's arctanh_, <see cref="AtanhInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor ArctanhInPlace() => Tensor.Speaking("ArctanhInPlace", AtanhInPlace);

    /// <summary>The angle of the point (y, x), with this tensor as x: torch.arctan2, <see cref="Atan2(Tensor)"/>.</summary>
    /// <param name="other">The other coordinate; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Arctan2(Tensor other) => Tensor.Speaking("Arctan2", () => Atan2(other.Given()));

    /// <summary>The angle of the point, in place: torch's arctan2_, <see cref="Atan2InPlace(Tensor)"/>.</summary>
    /// <param name="other">The other coordinate; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor Arctan2InPlace(Tensor other) => Tensor.Speaking("Arctan2InPlace", () => Atan2InPlace(other.Given()));
}
