namespace Adjoint;

/// <summary>Results within an operation that is made of several: they are given back when the one that reads them is done.</summary>
/// <remarks>
/// Note [Inner results]: what an operation of ours computes on the way is known to nobody else: no variable of the user's holds it,
/// and where nothing is recorded no graph does. So it need not wait for a collection, and the next result lies in the same memory,
/// still in the cache. A mode may keep what it sees, forward mode carries tangents, and who gave the inner result on in his own (a view,
/// the same tensor) still needs it: then it is left alone, as is memory that another thread has met (Note [Seen by one thread]).
/// The same holds between two modules of ours in a Sequential that have no hooks: see there.
/// </remarks>
internal static class InnerResult
{
    private const GradMode.Switch Seen = GradMode.Switch.Watched | GradMode.Switch.Tangents;

    /// <summary>What <paramref name="reader"/> computes from a result that nobody else knows, which it then gives back.</summary>
    /// <param name="inner">Made by an operation of the library within this one; never what a user has or could have got.</param>
    /// <param name="reader">Code of the library's.</param>
    internal static Tensor Of(Tensor inner, Func<Tensor, Tensor> reader) => reader(inner).After(inner);

    extension(Tensor result)
    {
        /// <summary>The result, after giving back what it was computed from and nobody else knows.</summary>
        /// <param name="inner">Made by an operation of the library within this one; never what a user has or could have got.</param>
        internal Tensor After(Tensor inner)
        {
            if (inner.IsPooled && !result.RequiresGrad && !inner.RequiresGrad && !result.SharesStorageWith(inner) && !Here.Now.Has(Seen))
                inner.GiveMemoryBack();
            return result;
        }
    }
}
