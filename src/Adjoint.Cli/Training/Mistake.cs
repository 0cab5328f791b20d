using System.Text.Json.Serialization;

namespace Adjoint.Cli.Training;

/// <summary>A test image that was taken for another digit, with the probability the model gave its error.</summary>
internal sealed record Mistake(int Index, int Actual, int Predicted, double Confidence)
{
    /// <summary>Grey values, row by row; 255 is full ink.</summary>
    [JsonIgnore]
    public byte[] Pixels { get; init; } = [];

    [JsonIgnore]
    public int Width { get; init; } = 28;

    [JsonIgnore]
    public int Height => Width == 0 ? 0 : Pixels.Length / Width;
}
