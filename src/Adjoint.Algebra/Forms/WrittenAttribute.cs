namespace Adjoint;

/// <summary>
/// The methods of the class are text too, for programs that are written by hand: a constant <c>Text</c> of the class, which is
/// made of their source, so that both are the same. They are static, of doubles, and call only each other and .NET.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WrittenAttribute : Attribute;
