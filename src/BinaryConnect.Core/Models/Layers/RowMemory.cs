namespace BinaryConnect.Models.Layers;

/// <summary>
/// Memory of a layer with a fixed number of values for each row of a batch, such as the mask of a dropout. Its content
/// is kept from the forward to the backward pass (<see cref="LayerBuilder.AddRowMemory"/>, <see cref="LayerPass.Of"/>).
/// </summary>
public sealed class RowMemory
{
    internal RowMemory(int index, int valuesPerRow)
    {
        Index = index;
        ValuesPerRow = valuesPerRow;
    }

    /// <summary>Values for each row.</summary>
    public int ValuesPerRow { get; }

    internal int Index { get; }
}
