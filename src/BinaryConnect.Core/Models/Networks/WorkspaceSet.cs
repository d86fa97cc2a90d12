namespace BinaryConnect.Models.Networks;

/// <summary>
/// The work spaces of a network for inference from several threads. A caller takes one that is free, or makes one, and
/// gives it back. Nobody waits.
/// </summary>
/// <param name="make">Makes another work space, of one thread.</param>
internal sealed class WorkspaceSet(Func<NetworkWorkspace> make)
{
    // More callers than this at once make work spaces that are dropped afterwards.
    private const int Most = 64;

    private readonly NetworkWorkspace?[] _free = new NetworkWorkspace?[Most];

    /// <summary>Takes a work space.</summary>
    public NetworkWorkspace Take()
    {
        for (int i = 0; i < Most; i++)
        {
            if (_free[i] is not null && Interlocked.Exchange(ref _free[i], null) is NetworkWorkspace workspace) return workspace;
        }

        return make();
    }

    /// <summary>Gives a work space back.</summary>
    public void Return(NetworkWorkspace workspace)
    {
        for (int i = 0; i < Most; i++)
        {
            if (_free[i] is null && Interlocked.CompareExchange(ref _free[i], workspace, null) is null) return;
        }
    }
}
