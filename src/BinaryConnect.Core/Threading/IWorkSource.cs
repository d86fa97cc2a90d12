namespace BinaryConnect.Threading;

/// <summary>Gives the parts of a work to the threads of a <see cref="WorkerPool"/>.</summary>
internal interface IWorkSource
{
    /// <summary>Whether a part is left that no thread has taken.</summary>
    bool HasParts { get; }

    /// <summary>Runs parts on the calling thread until none is left.</summary>
    void TakeParts(int thread);
}
