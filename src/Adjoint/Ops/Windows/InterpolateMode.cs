namespace Adjoint;

/// <summary>How numbers between elements are found: PyTorch's <c>mode</c> of <c>F.interpolate</c>.</summary>
public enum InterpolateMode
{
    /// <summary>The element at or before: ⌊i·in/out⌋.</summary>
    Nearest,

    /// <summary>The element whose middle is nearest: ⌊(i + ½)·in/out⌋, PyTorch's <c>nearest-exact</c>.</summary>
    NearestExact,

    /// <summary>A line between two elements, in one dimension.</summary>
    Linear,

    /// <summary>Lines between elements, in two dimensions.</summary>
    Bilinear,

    /// <summary>Lines between elements, in three dimensions.</summary>
    Trilinear,

    /// <summary>A cubic through four elements (Keys 1981, a = −¾), in two dimensions.</summary>
    Bicubic,

    /// <summary>The mean of what an element covers: adaptive average pooling.</summary>
    Area,
}
