namespace BinaryConnect.Models.Layers;

/// <summary>The purpose of a pass through a network.</summary>
public enum PassMode
{
    /// <summary>Forward and backward of a training step: batch statistics, dropout.</summary>
    Training,

    /// <summary>Forward alone, to gather statistics of the training set: batch statistics, no dropout.</summary>
    Statistics,

    /// <summary>Forward alone, as at test time: running statistics, no dropout.</summary>
    Inference,
}
