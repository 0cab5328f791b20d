using Adjoint.Vision;

namespace Adjoint.Data;

/// <summary>
/// Pictures in folders, a folder for each class: <c>root/cat/1.png</c>, <c>root/dog/a/2.jpg</c>. Example i is a picture and the number of
/// its class, Int64. As torchvision's <c>ImageFolder</c>, the classes are the folders in the order of their names' codes, and within a
/// class the pictures are, too.
/// </summary>
/// <remarks>
/// Pictures are read when they are asked for. Without a transform they are UInt8 [3, rows, columns], each of its own size; a batch needs
/// one size: <c>new Compose(new Resize(64, 64), new ToTensor())</c>.
/// </remarks>
public sealed class ImageFolder : Dataset
{
    private static readonly HashSet<string> s_extensions = new([".png", ".jpg", ".jpeg", ".bmp"], StringComparer.OrdinalIgnoreCase);

    private readonly Func<Tensor, Tensor>? _transform;
    private readonly bool _grey;

    /// <summary>The pictures in the folders of <paramref name="root"/>.</summary>
    /// <param name="root">The folder of the classes' folders.</param>
    /// <param name="transform">What is done to each picture; an <see cref="ImageTransform"/> is one.</param>
    /// <param name="grey">Whether pictures are read in grey, [1, rows, columns].</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There are no classes, or a class has no picture.</exception>
    public ImageFolder(string root, Func<Tensor, Tensor>? transform = null, bool grey = false)
    {
        root.Given();
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException(
                $"{(root.Length == 0 ? "''" : root)}: no such directory; it should hold a folder of pictures for each class.");
        string[] folders = [.. Directory.GetDirectories(root).Order(StringComparer.Ordinal)];
        if (folders.Length == 0)
            throw new FileNotFoundException($"{root}: there is no folder in it; each class of pictures has one.", root);
        var files = new List<(string, int)>();
        for (int label = 0; label < folders.Length; label++)
        {
            int before = files.Count;
            foreach (string file in Pictures(folders[label])) files.Add((file, label));
            if (files.Count == before)
                throw new FileNotFoundException(
                    $"{folders[label]}: a folder of a class has no picture ({string.Join(", ", s_extensions)}).", folders[label]);
        }
        (Files, Classes, _transform, _grey) = (files, [.. folders.Select(folder => Path.GetFileName(folder)!)], transform, grey);
    }

    /// <summary>The pictures' files, with the numbers of their classes.</summary>
    public IReadOnlyList<(string Path, int Label)> Files { get; }

    /// <summary>The classes, in the order of their numbers.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override int Count => Files.Count;

    /// <summary>True: files are only read; the transform is taken to be as safe.</summary>
    public override bool IsThreadSafe => true;

    /// <inheritdoc/>
    public override Tensor[] this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(
                    nameof(index), index, $"ImageFolder: there is no picture {index}; the dataset has {Count}.");
            (string path, int label) = Files[index];
            Tensor image = ImageFile.Read(path, _grey);
            if (_transform is not null)
                image = _transform(image) ?? throw new InvalidOperationException($"ImageFolder: the transform gave null for {path}.");
            return [image, Tensor.Scalar((long)label)];
        }
    }

    // Folder by folder, each in the order of its names' codes; a link that leads in a circle ends where the system says that it does.
    private static IEnumerable<string> Pictures(string folder)
    {
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
            if (s_extensions.Contains(Path.GetExtension(file))) yield return file;
        foreach (string inner in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            foreach (string file in Pictures(inner)) yield return file;
    }
}
