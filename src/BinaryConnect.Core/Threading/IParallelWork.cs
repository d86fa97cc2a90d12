namespace BinaryConnect.Threading;

/// <summary>
/// Work in independent parts, for a <see cref="WorkerPool"/>. No part touches the results of another.
/// </summary>
internal interface IParallelWork
{
    /// <summary>
    /// Computes one part. Parts run concurrently, each exactly once. <paramref name="thread"/> numbers the thread of
    /// the pool, 0 for the caller's, so that memory indexed by it needs no lock.
    /// </summary>
    void Run(int part, int thread);
}
