namespace Adjoint;

/// <remarks>
/// // Note [What a shape is written as]
/// A list of ints, in all the ways that C# has for one: <c>[2, 3]</c>, <c>(2, 3)</c>, an array. A single int is no shape: in
/// <c>Full(2, 3, 0)</c> it would make 2 the shape, 3 the value and the literal 0 a dtype, which is not what anybody meant.
/// </remarks>
public sealed partial class Shape
{
    /// <summary>How many dimensions; the same as <see cref="NDim"/>.</summary>
    public int Count => _sizes.Length;

    /// <summary>How many dimensions; the same as <see cref="NDim"/>. Lists of C# have it: <c>x.Shape is [var rows, 3]</c>.</summary>
    public int Length => _sizes.Length;

    /// <summary>Some of the sizes, as <c>x.Shape[1..]</c> asks for them.</summary>
    /// <param name="start">The first dimension.</param>
    /// <param name="length">How many.</param>
    /// <exception cref="ShapeException">There are no such dimensions.</exception>
    /// <example><code>Tensor.Zeros([8, .. x.Shape[1..]])      // another number of rows of the same kind</code></example>
    public Shape Slice(int start, int length) => start >= 0 && length >= 0 && start <= NDim - length ? Of(_sizes.AsSpan(start, length))
        : throw new ShapeException($"Slice: {length} sizes from number {start} on were asked for, but the shape {this} has {NDim}.");

    /// <summary>The sizes of a shape of two dimensions: <c>var (rows, columns) = x.Shape;</c>.</summary>
    /// <exception cref="ShapeException">There is another number of dimensions.</exception>
    public void Deconstruct(out int d0, out int d1)
    {
        Expect(2);
        (d0, d1) = (_sizes[0], _sizes[1]);
    }

    /// <summary>The sizes of a shape of three dimensions.</summary>
    /// <inheritdoc cref="Deconstruct(out int, out int)"/>
    public void Deconstruct(out int d0, out int d1, out int d2)
    {
        Expect(3);
        (d0, d1, d2) = (_sizes[0], _sizes[1], _sizes[2]);
    }

    /// <summary>The sizes of a shape of four dimensions: <c>var (n, c, h, w) = images.Shape;</c>.</summary>
    /// <inheritdoc cref="Deconstruct(out int, out int)"/>
    public void Deconstruct(out int d0, out int d1, out int d2, out int d3)
    {
        Expect(4);
        (d0, d1, d2, d3) = (_sizes[0], _sizes[1], _sizes[2], _sizes[3]);
    }

    /// <summary>The sizes of a shape of five dimensions.</summary>
    /// <inheritdoc cref="Deconstruct(out int, out int)"/>
    public void Deconstruct(out int d0, out int d1, out int d2, out int d3, out int d4)
    {
        Expect(5);
        (d0, d1, d2, d3, d4) = (_sizes[0], _sizes[1], _sizes[2], _sizes[3], _sizes[4]);
    }

    /// <summary>The shape with these sizes.</summary>
    /// <exception cref="ShapeException">A size is negative, or there are too many elements.</exception>
    public static implicit operator Shape(int[] sizes) => Of(sizes.Given());

    /// <inheritdoc cref="implicit operator Shape(int[])"/>
    public static implicit operator Shape((int, int) sizes) => Of(sizes.Item1, sizes.Item2);

    /// <inheritdoc cref="implicit operator Shape(int[])"/>
    public static implicit operator Shape((int, int, int) sizes) => Of(sizes.Item1, sizes.Item2, sizes.Item3);

    /// <inheritdoc cref="implicit operator Shape(int[])"/>
    public static implicit operator Shape((int, int, int, int) sizes) => Of(sizes.Item1, sizes.Item2, sizes.Item3, sizes.Item4);

    /// <inheritdoc cref="implicit operator Shape(int[])"/>
    public static implicit operator Shape((int, int, int, int, int) sizes) =>
        Of(sizes.Item1, sizes.Item2, sizes.Item3, sizes.Item4, sizes.Item5);

    private void Expect(int count)
    {
        if (NDim != count)
            throw new ShapeException($"Deconstruct: the shape {this} has {NDim} dimension{(NDim == 1 ? "" : "s")}, but {count} were named. "
                + "A list pattern asks first: if (x.Shape is [var a, var b]).");
    }
}
