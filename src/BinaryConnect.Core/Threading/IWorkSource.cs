namespace BinaryConnect.Threading;

/// <summary>Hands out the parts of a work to the threads that ask.</summary>
internal interface IWorkSource
{
    /// <summary>Whether a part is left that no thread has taken.</summary>
    bool HasParts { get; }

    /// <summary>Runs parts on the thread that asks, as long as there are any.</summary>
    void TakeParts(int thread);
}
