using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Parallel loops over chunks, on worker threads of our own.</summary>
/// <remarks>
/// Note [Teams]: a loop belongs to its caller. It takes a <see cref="Team"/> that is free, with as many workers as the processors
/// allow for each of the callers that there are now (<see cref="Callers"/>): one alone has all of them, and as many callers as
/// processors have one each, whose loops then run in the caller without a word to anybody. So threads with work of their own are neither
/// slowed down by workers that want their processors, nor is one pressed onto one processor while another has all the rest.
/// </remarks>
internal static unsafe class Threads
{
    private const int MostTeams = 8;

    private static readonly Team[] Teams = CreateTeams();
    private static int s_count = Environment.ProcessorCount;

    /// <summary>This thread is running a chunk: regions started from here run inline.</summary>
    [ThreadStatic] private static bool t_inside;

    /// <summary>
    /// How many threads take part in a loop, the caller included. Setting 0 or less restores the default, the number of
    /// processors. Results do not depend on it.
    /// </summary>
    public static int Count
    {
        get => s_count;
        set
        {
            s_count = value > 0 ? value : Environment.ProcessorCount;
            Callers.Forget();
        }
    }

    /// <summary>
    /// Runs chunks 0 to <paramref name="chunks"/> − 1 of <paramref name="body"/> and returns when all are done. Runs on this
    /// thread alone if there is one chunk, one processor for each caller, or if a loop is running around this call.
    /// An exception in a chunk reaches the caller; chunks not yet begun are then skipped.
    /// </summary>
    public static void Run<TBody>(int chunks, ref TBody body) where TBody : struct, IChunkBody, allows ref struct
    {
        if (chunks > 1 && s_count > 1 && !t_inside) RunShared(chunks, ref body);
        else RunHere(chunks, ref body);
    }

    /// <summary>Loops that this thread starts from now on run on it alone, and so in nobody's way.</summary>
    public static void StayAlone() => t_inside = true;

    private static void RunHere<TBody>(int chunks, ref TBody body) where TBody : struct, IChunkBody, allows ref struct
    {
        for (int chunk = 0; chunk < chunks; chunk++) body.Run(chunk);
    }

    private static void RunShared<TBody>(int chunks, ref TBody body) where TBody : struct, IChunkBody, allows ref struct
    {
        int threads = Callers.Enter(s_count);
        t_inside = true;
        try
        {
            if (threads > 1 && Free() is { } team)
            {
                // Workers read the body through a pointer: it stays on the caller's stack, or pinned if it is a field of an object.
                fixed (byte* pointer = &Unsafe.As<TBody, byte>(ref body))
                    team.Run(Math.Min(threads, chunks) - 1, chunks, pointer, &Invoke<TBody>);
            }
            else
            {
                RunHere(chunks, ref body);
            }
        }
        finally
        {
            t_inside = false;
            Callers.Leave();
        }
    }

    private static void Invoke<TBody>(void* body, int chunk) where TBody : struct, IChunkBody, allows ref struct =>
        Unsafe.AsRef<TBody>(body).Run(chunk);

    // The first that is free: it is the one that was used last, and whose workers may still be awake.
    private static Team? Free()
    {
        foreach (Team team in Teams)
            if (team.TryTake()) return team;
        return null;
    }

    private static Team[] CreateTeams()
    {
        var teams = new Team[MostTeams];
        for (int i = 0; i < teams.Length; i++) teams[i] = new Team(i);
        return teams;
    }
}
