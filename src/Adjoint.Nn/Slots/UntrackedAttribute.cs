namespace Adjoint.Nn;

/// <summary>
/// Tells a module to take no notice of what a field holds: a teacher that is not trained with its pupil, a parent. For an automatic
/// property it is <c>[field: Untracked]</c>.
/// </summary>
/// <example><code>
/// class Pupil(Module teacher) : Module
/// {
///     [Untracked] readonly Module teacher = teacher;      // not in Parameters(), not in StateDict()
///     readonly Linear own = new(4, 2);
/// }
/// </code></example>
[AttributeUsage(AttributeTargets.Field)]
public sealed class UntrackedAttribute : Attribute;
