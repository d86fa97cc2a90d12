namespace BinaryConnect.Threading;

/// <summary>
/// Work spaces for callers on several threads. A caller takes a free one, or makes one, and gives it back. No caller
/// waits.
/// </summary>
/// <typeparam name="T">A work space.</typeparam>
internal sealed class FreeSet<T>
    where T : class
{
    // Work spaces beyond this number are dropped when they are given back.
    private const int Most = 64;

    private readonly T?[] _free = new T?[Most];

    /// <summary>Takes a work space; null if none is free.</summary>
    public T? TryTake()
    {
        for (int i = 0; i < Most; i++)
        {
            if (_free[i] is not null && Interlocked.Exchange(ref _free[i], null) is T workspace) return workspace;
        }

        return null;
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
