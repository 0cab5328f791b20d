using System.Globalization;

namespace Adjoint.Distributed;

/// <summary>What the watches of the ranks tell each other: a letter, and parts between bars.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">The rest.</param>
internal readonly record struct WatchMessage(char Kind, string Text)
{
    internal const char FailedKind = 'F', LeftKind = 'L', AskedKind = 'Q', AnswerKind = 'S';

    /// <summary>The run has failed.</summary>
    internal static WatchMessage Failed(string message) => new(FailedKind, message);

    /// <summary>The sender takes part no more; in each group it came as far as said: <c>world=17;world/1=4</c>.</summary>
    internal static WatchMessage Left(string where) => new(LeftKind, where);

    /// <summary>How far is the receiver in a group?</summary>
    internal static WatchMessage Asked(string group) => new(AskedKind, group);

    /// <summary>So far is the sender.</summary>
    internal static WatchMessage Answer(string group, long started, string doing) =>
        new(AnswerKind, string.Create(CultureInfo.InvariantCulture, $"{group}|{started}|{doing}"));

    /// <summary>Group, count and words of an answer.</summary>
    internal (string Group, long Started, string Doing) Parts
    {
        get
        {
            string[] parts = Text.Split('|', 3);
            return (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
        }
    }
}
