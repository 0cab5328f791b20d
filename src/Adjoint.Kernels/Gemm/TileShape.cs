namespace Adjoint.Kernels;

/// <summary>How many rows a tile has, as a type, so that each height is compiled to straight-line code.</summary>
internal interface IRows
{
    static abstract int Count { get; }
}

internal readonly struct Rows1 : IRows { public static int Count => 1; }
internal readonly struct Rows2 : IRows { public static int Count => 2; }
internal readonly struct Rows3 : IRows { public static int Count => 3; }
internal readonly struct Rows4 : IRows { public static int Count => 4; }
internal readonly struct Rows5 : IRows { public static int Count => 5; }
internal readonly struct Rows6 : IRows { public static int Count => 6; }
internal readonly struct Rows7 : IRows { public static int Count => 7; }
internal readonly struct Rows8 : IRows { public static int Count => 8; }
internal readonly struct Rows9 : IRows { public static int Count => 9; }
internal readonly struct Rows10 : IRows { public static int Count => 10; }
internal readonly struct Rows11 : IRows { public static int Count => 11; }
internal readonly struct Rows12 : IRows { public static int Count => 12; }
internal readonly struct Rows13 : IRows { public static int Count => 13; }
internal readonly struct Rows14 : IRows { public static int Count => 14; }

/// <summary>How many columns a tile has, as a type: two whole registers, more than one, or at most one.</summary>
internal interface IColumns
{
    /// <summary>Two registers, not one.</summary>
    static abstract bool Two { get; }

    /// <summary>The last register is masked.</summary>
    static abstract bool Masked { get; }

    /// <summary>What is read of the right operand is also written to a packed panel, for the tiles below this one.</summary>
    static virtual bool Packs => false;
}

internal readonly struct TwoRegisters : IColumns { public static bool Two => true; public static bool Masked => false; }
internal readonly struct SecondMasked : IColumns { public static bool Two => true; public static bool Masked => true; }
internal readonly struct OneMasked : IColumns { public static bool Two => false; public static bool Masked => true; }
internal readonly struct TwoRegistersPacking : IColumns
{
    public static bool Two => true;
    public static bool Masked => false;
    public static bool Packs => true;
}
