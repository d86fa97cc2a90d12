using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>
/// A model that lends its threads while it does not compute. A trainer with threads of its own would compete with the
/// model's threads for cores.
/// </summary>
internal interface ISharesThreads
{
    /// <summary>The threads, as many as <see cref="IModel.MaxDegreeOfParallelism"/> says now.</summary>
    WorkerPool Threads { get; }
}
