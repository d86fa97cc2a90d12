namespace BinaryConnect.Threading;

/// <summary>
/// Work spaces for callers on several threads. A caller takes one that is free, or makes one, and gives it back. Nobody
/// waits.
/// </summary>
/// <typeparam name="T">A work space.</typeparam>
/// <param name="make">Makes another.</param>
internal sealed class FreeSet<T>(Func<T> make)
    where T : class
{
    // More callers than this at once make work spaces that are dropped afterwards.
    private const int Most = 64;

    private readonly T?[] _free = new T?[Most];

    /// <summary>Takes a work space.</summary>
    public T Take()
    {
        for (int i = 0; i < Most; i++)
        {
            if (_free[i] is not null && Interlocked.Exchange(ref _free[i], null) is T workspace) return workspace;
        }

        return make();
    }

    /// <summary>Gives a work space back.</summary>
    public void Return(T workspace)
    {
        for (int i = 0; i < Most; i++)
        {
            if (_free[i] is null && Interlocked.CompareExchange(ref _free[i], workspace, null) is null) return;
        }
    }
}
