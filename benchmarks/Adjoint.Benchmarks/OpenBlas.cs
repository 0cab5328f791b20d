using System.Runtime.InteropServices;

namespace Adjoint.Benchmarks;

/// <summary>
/// The BLAS that Debian's PyTorch and NumPy use: the yardstick for matrix products (package libopenblas0-pthread, or the file
/// that the variable OPENBLAS names).
/// </summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "openblas-pthread";
    private const int RowMajor = 101;

    private static readonly string s_file =
        Environment.GetEnvironmentVariable("OPENBLAS") ?? "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0";

    static OpenBlas() => NativeLibrary.SetDllImportResolver(
        typeof(OpenBlas).Assembly, (name, _, _) => name == Library ? NativeLibrary.Load(s_file) : 0);

    public static bool IsInstalled => File.Exists(s_file);

    public static void SetThreads(int threads) => openblas_set_num_threads(threads);

    public static string Config => Marshal.PtrToStringAnsi(openblas_get_config()) ?? "";

    public static void Multiply(bool transA, bool transB, int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc) =>
        cblas_sgemm(RowMajor, transA ? 112 : 111, transB ? 112 : 111, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);

    public static void Multiply(bool transA, bool transB, int m, int n, int k, double* a, int lda, double* b, int ldb, double* c, int ldc) =>
        cblas_dgemm(RowMajor, transA ? 112 : 111, transB ? 112 : 111, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);

    [LibraryImport(Library)]
    private static partial void openblas_set_num_threads(int threads);

    [LibraryImport(Library)]
    private static partial nint openblas_get_config();

    [LibraryImport(Library)]
    private static partial void cblas_sgemm(
        int order, int transA, int transB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    [LibraryImport(Library)]
    private static partial void cblas_dgemm(
        int order, int transA, int transB, int m, int n, int k, double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc);
}
