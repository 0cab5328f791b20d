namespace Peers;

/// <summary>What the jobs of ../jobs.hpp work on.</summary>
internal static class JobData
{
    public const int Size = 1000, Side = 100;

    public static readonly double[] Inputs = [-1, -0.5, 0.5, 1], Targets = [-2, -0.5, 2.5, 4];

    public static double[] Start() => [.. Enumerable.Range(0, Size).Select(i => 1 + 0.001 * Math.Sin(i))];

    public static double[] Matrix() => [.. Enumerable.Range(0, Side * Side).Select(k => 0.1 * Math.Sin(100 * (k / Side) + k % Side))];

    public static double[] At() => [.. Enumerable.Range(0, Side).Select(j => Math.Cos(j))];
}
