namespace Adjoint.Benchmarks.Compare;

/// <summary>As <see cref="Rounds"/> times works; with <c>--profile</c> it prints which operations ten calls of each take their time for.</summary>
internal static class Profiles
{
    private const int Calls = 10;

    public static int Time(string[] args, double target, Clock clock, params (string Name, Action Work)[] works)
    {
#if !EARLIER
        if (args.Contains("--profile"))
        {
            foreach ((string name, Action work) in works)
            {
                for (int i = 0; i < Calls; i++) work();
                using Profile profile = Autograd.Profile();
                for (int i = 0; i < Calls; i++) work();
                Console.WriteLine($"{name}\n{profile}");
            }
            return 0;
        }
#endif
        return Rounds.Time(args, target, clock, works);
    }
}
