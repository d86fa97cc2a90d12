namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// The layout of packed signs for <see cref="ByteTableGemm"/>: words of 15 inputs, in tiles of 128 outputs,
/// [tiles][words][128]. Bit i of a word is input i of its 15; 1 means +1. Bits after the last input, and outputs after
/// the last, are 0.
/// </summary>
/// <param name="outputs">The number of outputs, m.</param>
/// <param name="inputs">The number of inputs, k.</param>
internal readonly struct ByteTableLayout(int outputs, int inputs)
{
    /// <summary>The outputs of a tile: four registers of 16-bit sums.</summary>
    public const int TileOutputs = 128;

    /// <summary>The inputs of a group, whose bits index a sum table.</summary>
    public const int GroupInputs = 5;

    /// <summary>The groups of a word.</summary>
    public const int WordGroups = 3;

    /// <summary>The inputs of a word.</summary>
    public const int WordInputs = WordGroups * GroupInputs;

    /// <summary>The number of outputs, m.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>The number of inputs, k.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>The groups of a row of inputs.</summary>
    public int Groups => (Inputs + GroupInputs - 1) / GroupInputs;

    /// <summary>The words of an output.</summary>
    public int Words => (Inputs + WordInputs - 1) / WordInputs;

    /// <summary>The tiles of 128 outputs.</summary>
    public int Tiles => (Outputs + TileOutputs - 1) / TileOutputs;

    /// <summary>The sums of a row: the outputs of whole tiles.</summary>
    public int Stride => Tiles * TileOutputs;

    /// <summary>The words of all outputs.</summary>
    public int Length => checked(Stride * Words);

    /// <summary>Where a word of an output is.</summary>
    public int IndexOf(int output, int word) =>
        (output / TileOutputs * Words + word) * TileOutputs + output % TileOutputs;
}
