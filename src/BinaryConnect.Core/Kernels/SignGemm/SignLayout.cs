namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The layout of the packed signs of weights [outputs, inputs]: [tiles][words][64] of uint. A tile is 64 outputs; a
/// word is 32 inputs of one output, the first in the lowest bit. A bit of 1 means +, 0 means −. The bits of absent
/// inputs and outputs are 0. One more word follows, for loads that start up to three bytes late.
/// </summary>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="Inputs">The number of inputs of an output.</param>
internal readonly record struct SignLayout(int Outputs, int Inputs)
{
    /// <summary>The outputs of a tile.</summary>
    public const int TileOutputs = 64;

    /// <summary>The inputs of a word.</summary>
    public const int WordInputs = 32;

    /// <summary>⌈outputs / 64⌉.</summary>
    public int Tiles => (Outputs + TileOutputs - 1) / TileOutputs;

    /// <summary>⌈inputs / 32⌉, the words of one output.</summary>
    public int Words => (Inputs + WordInputs - 1) / WordInputs;

    /// <summary>The words of one tile.</summary>
    public int TileLength => Words * TileOutputs;

    /// <summary>The words of all tiles, and the one that follows.</summary>
    public int Length => Tiles * TileLength + 1;

    /// <summary>The layout of the transposed weights.</summary>
    public SignLayout Transposed => new(Inputs, Outputs);

    /// <summary>The index of the word that holds an output's inputs from 32 · <paramref name="word"/> on.</summary>
    public int IndexOf(int output, int word) =>
        output / TileOutputs * TileLength + word * TileOutputs + output % TileOutputs;
}
