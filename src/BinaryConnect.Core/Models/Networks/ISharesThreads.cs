using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>
/// A model whose threads do other work while it does not compute: with threads of its own, whoever trains it would have
/// them compete.
/// </summary>
internal interface ISharesThreads
{
    /// <summary>The threads, as many as <see cref="IModel.MaxDegreeOfParallelism"/> says now.</summary>
    WorkerPool Threads { get; }
}
