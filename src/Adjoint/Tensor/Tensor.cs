namespace Adjoint;

/// <summary>
/// A dense array with a <see cref="Shape"/> and a <see cref="DType"/> which, when it requires grad, remembers how it was computed.
/// </summary>
/// <remarks>
/// Tensors need no Dispose: their memory returns to a pool when nothing refers to them any more.
/// Several tensors (views) may share one storage; changing one in place changes all.
/// </remarks>
/// <example><code>
/// Tensor x = Tensor.From([1f, 2f, 3f], requiresGrad: true);
/// (x * x).Sum().Backward();
/// Console.WriteLine(x.Grad);            // tensor([2., 4., 6.])
/// </code></example>
public sealed partial class Tensor : IDisposable
{
    private int[]? _strides;

    internal Tensor(Storage? storage, Shape shape, DType dtype, int[]? strides = null, int offset = 0)
    {
        _storage = storage;
        Shape = shape;
        DType = dtype;
        _strides = strides;
        Offset = offset;
        if (Here.Now.Has(GradMode.Switch.Inference)) _flags = Flags.Inference;
    }

    private Tensor(Here here, Storage storage, Shape shape, DType dtype) : this(shape, dtype, here) => _storage = storage;

    // Of one element, which it carries itself.
    private Tensor(Shape shape, DType dtype)
    {
        Shape = shape;
        DType = dtype;
    }

    private Tensor(Shape shape, DType dtype, Here here) : this(shape, dtype)
    {
        if (here.Has(GradMode.Switch.Inference | GradMode.Switch.Watched)) BeginIn(here);
    }

    // Under a mode, memory is made behind the door only. See Note [One door].
    private void BeginIn(Here here)
    {
        if (here.Has(GradMode.Switch.Inference)) _flags = Flags.Inference;
        if (here.Has(GradMode.Switch.Watched)) Door.ReportStray($"a {DType} tensor of shape {Shape} was made");
    }

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape { get; private set; }

    /// <summary>The type of the elements.</summary>
    public DType DType { get; private set; }

    /// <summary>How many dimensions.</summary>
    public int NDim => Shape.NDim;

    /// <summary>How many elements.</summary>
    public int NumEl => Shape.NumEl;

    /// <summary>How many elements lie between neighbours along each dimension.</summary>
    public ReadOnlySpan<int> Strides => _strides ?? Shape.Strides;

    /// <summary>The place of the first element in the storage, in elements.</summary>
    public int StorageOffset => Offset;

    /// <summary>Whether the elements lie one after the other in row-major order.</summary>
    public bool IsContiguous => _strides is null;

    internal int Offset { get; private set; }
}
