namespace BinaryConnect.Models.Networks;

/// <summary>A model that gives its <see cref="IModel.Draws"/> without a new list for each question.</summary>
internal interface ICopiesDraws
{
    /// <summary>Copies the counts that <see cref="IModel.Draws"/> lists.</summary>
    void CopyDraws(Span<long> destination);
}
