namespace Adjoint.Kernels;

/// <summary>In which orders the elements of a matrix product are added up.</summary>
/// <param name="Most">The order of all but the last.</param>
/// <param name="LastRows">Of how many of the last rows the order is <see cref="SumOrder.Lanes"/>.</param>
/// <param name="LastColumns">Of how many of the last columns.</param>
/// <param name="IsOne">Whether a batch is one product, whose rows are those of all its matrices.</param>
internal readonly record struct SumOrders(SumOrder Most, int LastRows, int LastColumns, bool IsOne);
