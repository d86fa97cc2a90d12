namespace BinaryConnect.Threading;

/// <summary>
/// A pool of work spaces for callers on several threads. A caller takes a free one, or a new one, and returns it.
/// No caller waits.
/// </summary>
/// <typeparam name="T">A work space.</typeparam>
/// <param name="make">Makes a new work space.</param>
internal sealed class FreeSet<T>(Func<T> make)
    where T : class
{
    // The pool keeps at most this many work spaces. With more callers at once, the rest are dropped on return.
    private const int Most = 64;

    private readonly T?[] _free = new T?[Most];

    /// <summary>Takes a free work space, or makes one.</summary>
    public T Take()
    {
        for (int i = 0; i < Most; i++)
        {
            if (_free[i] is not null && Interlocked.Exchange(ref _free[i], null) is T workspace) return workspace;
        }

        return make();
    }

    /// <summary>Returns a work space to the pool.</summary>
    public void Return(T workspace)
    {
        for (int i = 0; i < Most; i++)
        {
            if (_free[i] is null && Interlocked.CompareExchange(ref _free[i], workspace, null) is null) return;
        }
    }
}
