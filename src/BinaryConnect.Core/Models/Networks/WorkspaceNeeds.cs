using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>The memory that the layers of a network need in each work space.</summary>
internal sealed class WorkspaceNeeds
{
    /// <summary>Floats of scratch memory for each thread.</summary>
    public int Scratch { get; set; }

    /// <summary>The most rows of a batch.</summary>
    public int MostRows { get; set; } = int.MaxValue;

    /// <summary>Values for each row, of each row memory.</summary>
    public List<int> RowValues { get; } = [];

    /// <summary>Makes an object that keeps state from the forward to the backward pass, given the threads.</summary>
    public List<Func<WorkerPool, object>> Objects { get; } = [];
}
