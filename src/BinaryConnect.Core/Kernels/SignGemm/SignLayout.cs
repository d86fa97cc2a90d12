namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// Where the signs of <paramref name="Outputs"/> by <paramref name="Inputs"/> weights lie once packed: [tiles][words][64] of
/// uint, a tile being 64 outputs and a word 32 inputs of one output, the first input in the lowest bit; 1 means +, 0 means −.
/// The bits of absent inputs and outputs are 0. One word more follows, for loads that start up to three bytes late.
/// </summary>
/// <param name="Outputs">How many sums a row of inputs gives.</param>
/// <param name="Inputs">How many inputs a sum has.</param>
internal readonly record struct SignLayout(int Outputs, int Inputs)
{
    /// <summary>Outputs of a tile.</summary>
    public const int TileOutputs = 64;

    /// <summary>Inputs of a word.</summary>
    public const int WordInputs = 32;

    /// <summary>⌈outputs / 64⌉.</summary>
    public int Tiles => (Outputs + TileOutputs - 1) / TileOutputs;

    /// <summary>⌈inputs / 32⌉, the words of one output.</summary>
    public int Words => (Inputs + WordInputs - 1) / WordInputs;

    /// <summary>The words of one tile.</summary>
    public int TileLength => Words * TileOutputs;

    /// <summary>The words of it all.</summary>
    public int Length => Tiles * TileLength + 1;

    /// <summary>The layout of the transposed weights.</summary>
    public SignLayout Transposed => new(Inputs, Outputs);

    /// <summary>Which word holds the inputs from 32 · <paramref name="word"/> on of an output.</summary>
    public int IndexOf(int output, int word) =>
        output / TileOutputs * TileLength + word * TileOutputs + output % TileOutputs;
}
