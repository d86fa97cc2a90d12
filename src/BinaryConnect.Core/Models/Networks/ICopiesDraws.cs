namespace BinaryConnect.Models.Networks;

/// <summary>A model that copies its <see cref="IModel.Draws"/>, so that no list is allocated.</summary>
internal interface ICopiesDraws
{
    /// <summary>Copies the counts that <see cref="IModel.Draws"/> lists.</summary>
    void CopyDraws(Span<long> destination);
}
