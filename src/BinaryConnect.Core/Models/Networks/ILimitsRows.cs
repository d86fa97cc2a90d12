namespace BinaryConnect.Models.Networks;

/// <summary>A model whose own buffers hold fewer rows than a batch could have.</summary>
internal interface ILimitsRows
{
    /// <summary>The most rows of a batch, at least 1.</summary>
    int MostRows { get; }
}
