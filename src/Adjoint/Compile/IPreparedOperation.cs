namespace Adjoint;

/// <summary>An operation of several that look at their options before a run, such as the steps of an optimizer.</summary>
internal interface IPreparedOperation : IStatefulOperation
{
    /// <summary>Of how many operations a whole group consists.</summary>
    int GroupSize { get; }

    /// <summary>The options: what <see cref="Prepare"/> looks at, if nothing else.</summary>
    IOptions Options { get; }

    /// <summary>Whether it runs code of the user's.</summary>
    bool RunsUserCode { get; }

    /// <summary>Looks at the options, and throws if they make no sense.</summary>
    /// <returns>Another number where the formula is another one.</returns>
    int Prepare();

    /// <summary>Runs all of the group at once, on the gradients that the leaves have.</summary>
    void RunGroup();
}
