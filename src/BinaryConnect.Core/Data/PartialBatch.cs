namespace BinaryConnect.Data;

/// <summary>What a <see cref="BatchSampler"/> does where an epoch's end cuts a batch short.</summary>
public enum PartialBatch
{
    /// <summary>Takes what is left, reshuffles, and fills up from the new epoch, as the tutorial's <c>next_batch</c> does.</summary>
    Wrap,

    /// <summary>Leaves out what is left; every batch is full and lies in one epoch.</summary>
    Drop,

    /// <summary>Gives what is left as a shorter batch.</summary>
    Keep,
}
