namespace Adjoint.Nn;

/// <summary>
/// Makes tensors known to the module that holds them in a field or property. See docs/decisions on why a parameter is a tensor with a role,
/// not a type.
/// </summary>
/// <example><code>
/// class Scale : Module
/// {
///     readonly Tensor factor = Tensor.Ones(3).AsParameter();      // trained, in Parameters() and StateDict()
///     readonly Tensor seen = Tensor.Zeros(3).AsBuffer();          // saved, not trained
///     protected override Tensor Forward(Tensor x) => x * factor;
/// }
/// </code></example>
public static class Parameter
{
    extension(Tensor x)
    {
        /// <summary>A leaf over the same memory that modules list among their parameters.</summary>
        /// <param name="requiresGrad">Whether it is trained.</param>
        /// <exception cref="DTypeException">It should require grad but is not of floating point.</exception>
        public Tensor AsParameter(bool requiresGrad = true) => x.Given().WithRole(TensorRole.Parameter).RequiresGradInPlace(requiresGrad);

        /// <summary>A tensor over the same memory that modules list among their buffers: state that is not trained.</summary>
        /// <param name="persistent">Whether it is saved in the state dictionary.</param>
        public Tensor AsBuffer(bool persistent = true) => x.Given().WithRole(persistent ? TensorRole.Buffer : TensorRole.TransientBuffer);

        /// <summary>Whether modules list it among their parameters.</summary>
        public bool IsParameter => x.Given().Role == TensorRole.Parameter;

        /// <summary>Whether modules list it among their buffers.</summary>
        public bool IsBuffer => x.Given().Role is TensorRole.Buffer or TensorRole.TransientBuffer;

        private Tensor WithRole(TensorRole role)
        {
            Tensor leaf = x.Detach();
            leaf.Role = role;
            return leaf;
        }
    }
}
