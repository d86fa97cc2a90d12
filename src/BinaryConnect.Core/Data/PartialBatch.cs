namespace BinaryConnect.Data;

/// <summary>The treatment of a batch that the end of an epoch cuts short, by a <see cref="BatchSampler"/>.</summary>
public enum PartialBatch
{
    /// <summary>
    /// Takes the remaining rows, reshuffles, and fills the batch from the new epoch, as the tutorial's
    /// <c>next_batch</c> does.
    /// </summary>
    Wrap,

    /// <summary>Leaves out the remaining rows; every batch is full and belongs to one epoch.</summary>
    Drop,

    /// <summary>Gives the remaining rows as a shorter batch.</summary>
    Keep,
}
