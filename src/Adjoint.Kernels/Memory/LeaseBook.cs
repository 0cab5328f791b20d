namespace Adjoint.Kernels;

/// <summary>All leases, so that after a collection those whose tenants are dead can be found.</summary>
/// <remarks>
/// Note [Young and old]: a tenant that has outlived two collections of generation 1 is in generation 2, and cannot be found dead before
/// a full one. So its lease is put with the old ones, which are looked through only after a full collection: a hundred thousand tensors
/// that stay cost nothing at each of the frequent small collections.
/// Note [One looks]: one thread at a time looks through the book; others do not wait but go on without. Who only needs a block looks at
/// a few leases, from where the last one stopped; all are looked at by the thread that has just collected. Noting a lease takes no lock:
/// new ones are pushed on a list that the next look takes as a whole.
/// Note [Begun, not ended]: a collection in the background is counted when it begins, and says who is dead when it ends. A look meanwhile
/// finds nobody, so there is another when it has ended.
/// </remarks>
internal static class LeaseBook
{
    private const int Promotion = 2;

    private static readonly List<Lease> Young = [], Old = [];

    // Above the first unseen young lease and the first unseen old one; 0 for both: the look is complete.
    private static int s_young, s_old;

    // What the counts of collections were when the look began: of any, of generation 1, of generation 2.
    private static int s_any, s_first, s_full;
    private static bool s_ages;

    // See Note [Begun, not ended].
    private static long s_ended;
    private static bool s_awaits;

    private static Lease? s_new;
    private static int s_count, s_looking, s_looks;

    private enum Shelf { None, Young, Old }

    /// <summary>How many leases there are, of lent blocks and of free ones.</summary>
    internal static int Count => Volatile.Read(ref s_count);

    /// <summary>How many leases were looked at, one after the other, since the program began.</summary>
    internal static long LookedAt { get; private set; }

    /// <summary>How often all have been looked at.</summary>
    internal static int Looks => Volatile.Read(ref s_looks);

    /// <summary>Whether a full collection had begun and not ended at the last look. See Note [Begun, not ended].</summary>
    internal static bool AwaitsCollector => Volatile.Read(ref s_awaits);

    /// <summary>Notes that a lease has begun.</summary>
    internal static void Note(Lease lease)
    {
        if (lease.Entry.Shelf == (int)Shelf.Young) return;
        int before = Interlocked.Exchange(ref lease.Entry.Shelf, (int)Shelf.Young);
        if (before == (int)Shelf.Young) return;
        if (before == (int)Shelf.None) Interlocked.Increment(ref s_count);
        Lease? next;
        do
        {
            next = Volatile.Read(ref s_new);
            lease.Entry.Next = next;
        }
        while (Interlocked.CompareExchange(ref s_new, lease, next) != next);
    }

    /// <summary>
    /// Looks at up to <paramref name="leases"/> of them, if there was a collection that not all have been looked at after.
    /// </summary>
    internal static void Look(int leases)
    {
        if (Volatile.Read(ref s_young) == 0 && Volatile.Read(ref s_old) == 0 && !IsDue()) return;
        if (Interlocked.Exchange(ref s_looking, 1) != 0) return;
        try
        {
            if (s_young == 0 && s_old == 0) Begin();
            GoOn(leases);
        }
        finally
        {
            Volatile.Write(ref s_looking, 0);
        }
    }

    /// <summary>Looks at all of them, right after a collection.</summary>
    internal static void LookAtAll()
    {
        // Another's look is short, unless it is one at all of them, too.
        var wait = new SpinWait();
        while (Interlocked.Exchange(ref s_looking, 1) != 0) wait.SpinOnce();
        try
        {
            Begin();
            GoOn(int.MaxValue);
        }
        finally
        {
            Volatile.Write(ref s_looking, 0);
        }
    }

    private static bool IsDue() => GC.CollectionCount(0) != Volatile.Read(ref s_any) || (AwaitsCollector && Ended() != s_ended);

    /// <summary>A number that is another one whenever a full collection has ended.</summary>
    private static long Ended() => GC.GetGCMemoryInfo(GCKind.Background).Index + GC.GetGCMemoryInfo(GCKind.FullBlocking).Index;

    private static void Begin()
    {
        for (Lease? lease = Interlocked.Exchange(ref s_new, null); lease is not null;)
        {
            Lease? next = lease.Entry.Next;
            lease.Entry.Next = null;
            Young.Add(lease);
            lease = next;
        }
        int first = GC.CollectionCount(1), full = GC.CollectionCount(2);
        s_any = GC.CollectionCount(0);
        s_ages = first != s_first;
        s_young = Young.Count;
        if (full != s_full || s_awaits)
        {
            long ended = Ended();
            s_awaits = ended == s_ended;
            s_ended = ended;
            s_old = Old.Count;
        }
        (s_first, s_full) = (first, full);
    }

    private static void GoOn(int leases)
    {
        int before = leases;
        // Backwards: a lease that is taken out is replaced by the last one, which has been looked at, or is new.
        for (; s_young > 0 && leases > 0; leases--) LookAtYoung(--s_young);
        for (; s_old > 0 && leases > 0; leases--) LookAtOld(--s_old);
        LookedAt += before - leases;
        if (s_young == 0 && s_old == 0) Volatile.Write(ref s_looks, s_looks + 1);
    }

    private static void LookAtYoung(int place)
    {
        Lease lease = Young[place];
        if (lease.IsGone)
        {
            Close(lease);
            TakeOut(Young, place);
            return;
        }
        long number = lease.Number;
        if ((number & 1) == 0 || lease.ReturnIfDead()) return;
        ref Entry entry = ref lease.Entry;
        if (entry.Number != number) (entry.Number, entry.Age) = (number, 0);
        if (!s_ages || ++entry.Age <= Promotion) return;

        entry.Place = Old.Count;
        Old.Add(lease);
        TakeOut(Young, place);
        Interlocked.Exchange(ref entry.Shelf, (int)Shelf.Old);
        // Returned and lent anew since it was looked at: the new tenant is young.
        if (lease.Number != number) Note(lease);
    }

    private static void LookAtOld(int place)
    {
        Lease lease = Old[place];
        if (lease.Entry.Shelf != (int)Shelf.Old || lease.Entry.Place != place)
        {
            // It went back to the young ones, where it is found.
            TakeOut(Old, place);
            return;
        }
        if (lease.IsGone)
        {
            Close(lease);
            TakeOut(Old, place);
            return;
        }
        lease.ReturnIfDead();
    }

    private static void TakeOut(List<Lease> leases, int place)
    {
        Lease last = leases[^1];
        leases[place] = last;
        if (last.Entry.Shelf == (int)Shelf.Old && last.Entry.Place == leases.Count - 1 && leases == Old) last.Entry.Place = place;
        leases.RemoveAt(leases.Count - 1);
    }

    private static void Close(Lease lease)
    {
        lease.Close();
        Interlocked.Decrement(ref s_count);
    }

    /// <summary>What the book keeps of a lease.</summary>
    internal struct Entry
    {
        internal Lease? Next;
        internal long Number;
        internal int Shelf, Age, Place;
    }
}
