using System.Numerics.Tensors;

namespace Adjoint.Data;

/// <summary>The way to the tensors of the framework's package System.Numerics.Tensors and back; elements are copied.</summary>
public static class SystemTensors
{
    extension(Tensor x)
    {
        /// <summary>
        /// A copy of the values as a <see cref="Tensor{T}"/> of System.Numerics.Tensors, dense and of the same shape. A tensor without
        /// dimensions becomes one of shape [1], as those have one at least. No gradient goes through it.
        /// </summary>
        /// <typeparam name="T">The type of an element; others are cast, as by <see cref="Tensor.ToArray{T}"/>.</typeparam>
        /// <returns>The copy.</returns>
        /// <exception cref="DTypeException">There is no dtype of this type.</exception>
        /// <example><code>
        /// System.Numerics.Tensors.Tensor&lt;float&gt; y = Tensor.Ones(2, 3).ToSystemTensor&lt;float&gt;();
        /// Tensor z = y.ToTensor();
        /// </code></example>
        public Tensor<T> ToSystemTensor<T>() where T : unmanaged
        {
            T[] values = x.Given().ToArray<T>();
            ReadOnlySpan<int> sizes = x.Shape.Sizes;
            var lengths = new nint[Math.Max(1, sizes.Length)];
            lengths[0] = 1;
            for (int i = 0; i < sizes.Length; i++) lengths[i] = sizes[i];
            return System.Numerics.Tensors.Tensor.Create(values, lengths);
        }
    }

    extension<T>(Tensor<T> x) where T : unmanaged
    {
        /// <summary>A tensor with a copy of the elements, in the order of their indices, however they lie in memory.</summary>
        /// <param name="requiresGrad">Whether gradients are recorded for it.</param>
        /// <param name="dtype">What the elements are cast to; by default the dtype of <typeparamref name="T"/>.</param>
        /// <returns>The tensor.</returns>
        /// <exception cref="DTypeException">There is no dtype of this type, or no gradient of it.</exception>
        /// <exception cref="ShapeException">It has more elements than a tensor can have.</exception>
        public Tensor ToTensor(bool requiresGrad = false, DType? dtype = null)
        {
            x.Given();
            if (x.FlattenedLength > int.MaxValue)
                throw new ShapeException($"ToTensor: a tensor has at most {int.MaxValue} elements, but there are {x.FlattenedLength}.");
            var values = new T[x.FlattenedLength];
            if (values.Length > 0) x.FlattenTo(values);
            // Theirs that was never filled has no dimensions and no elements.
            long[] sizes = x.Rank == 0 && values.Length == 0 ? [0] : [.. x.Lengths.ToArray().Select(n => (long)n)];
            return Tensor.From(values, Shape.Computed(sizes), requiresGrad, dtype);
        }
    }
}
