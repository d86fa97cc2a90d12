namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// The layout of packed signs for <see cref="BitGemm"/>: groups of 6 inputs, one a byte, in tiles of 64 outputs,
/// [tiles][groups][64]. Bit i of a byte is input i of its 6; 1 means +1. Bits after the last input, and outputs after
/// the last, are 0.
/// </summary>
/// <param name="outputs">The number of outputs, m.</param>
/// <param name="inputs">The number of inputs, k.</param>
internal readonly struct BitLayout(int outputs, int inputs)
{
    /// <summary>The outputs of a tile: a register of 8-bit sums.</summary>
    public const int TileOutputs = 64;

    /// <summary>The inputs of a group, whose bits choose a sum.</summary>
    public const int GroupInputs = 6;

    /// <summary>The number of outputs, m.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>The number of inputs, k.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>The groups of an output, and of a row of inputs.</summary>
    public int Groups => (Inputs + GroupInputs - 1) / GroupInputs;

    /// <summary>The tiles of 64 outputs.</summary>
    public int Tiles => (Outputs + TileOutputs - 1) / TileOutputs;

    /// <summary>The bits after the last input, 0 to 5. Each adds 1 to a sum, since both sides have 0.</summary>
    public int Padding => Groups * GroupInputs - Inputs;

    /// <summary>The sums of a row: the outputs of whole tiles.</summary>
    public int Stride => Tiles * TileOutputs;

    /// <summary>The bytes of all outputs.</summary>
    public int Length => checked(Stride * Groups);

    /// <summary>Where a group of an output is.</summary>
    public int IndexOf(int output, int group) =>
        (output / TileOutputs * Groups + group) * TileOutputs + output % TileOutputs;
}
