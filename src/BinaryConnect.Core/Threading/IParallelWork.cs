namespace BinaryConnect.Threading;

/// <summary>Work in parts that touch nothing of each other's results, for a <see cref="WorkerPool"/>.</summary>
internal interface IParallelWork
{
    /// <summary>
    /// Does one part; parts run at the same time, each once. <paramref name="thread"/>, 0 for the caller's, tells apart the threads
    /// of the split: memory of a thread's own needs no lock.
    /// </summary>
    void Run(int part, int thread);
}
