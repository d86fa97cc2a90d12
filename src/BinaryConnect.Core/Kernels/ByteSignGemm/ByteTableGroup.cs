namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>Where the indexes of a group of five inputs are, in the words of a tile of signs.</summary>
/// <param name="input">The group's first input.</param>
internal readonly struct ByteTableGroup(int input)
{
    /// <summary>The words from those of the first group.</summary>
    public int Offset { get; } = input / ByteTableLayout.WordInputs * ByteTableLayout.TileOutputs;

    /// <summary>The shift that brings the index to the lowest bits of a word.</summary>
    public ushort Shift { get; } = (ushort)(input % ByteTableLayout.WordInputs);
}
