namespace Adjoint.Distributed;

/// <summary>
/// The processes of a run do not go on together: one has failed or ended, they disagree about what to do, one does not come, or MPI is
/// missing. After it no group of the run can be used.
/// </summary>
/// <param name="message">What happened on which rank.</param>
/// <param name="inner">What caused it, if that is known here.</param>
public sealed class DistributedException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
