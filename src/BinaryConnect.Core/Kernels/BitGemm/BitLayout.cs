using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// The layout of packed signs for <see cref="BitGemm"/>: groups of 6 or 8 inputs, one a byte, in blocks of 256 outputs,
/// [blocks][groups][256], and tiles of 64 for the others, [tiles][groups][64]. Bit i of a byte is input i of its group;
/// 1 means +1. Bits after the last input, and outputs after the last, are 0.
/// </summary>
/// <param name="outputs">The number of outputs, m.</param>
/// <param name="inputs">The number of inputs, k.</param>
/// <param name="groupInputs">The inputs of a group: 6 or 8.</param>
internal readonly struct BitLayout(int outputs, int inputs, int groupInputs)
{
    /// <summary>The outputs of a block, whose signs are read as one stream.</summary>
    public const int BlockOutputs = 256;

    /// <summary>The outputs of a tile.</summary>
    public const int TileOutputs = 64;

    /// <summary>The layout of this machine's form of <see cref="BitGemm"/>.</summary>
    public BitLayout(int outputs, int inputs)
        : this(outputs, inputs, Avx512Vbmi.IsSupported ? 6 : 8)
    {
    }

    /// <summary>The number of outputs, m.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>The number of inputs, k.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>The inputs of a group. A row of groups of 8 inputs is a row of canonical bits.</summary>
    public int GroupInputs { get; } = groupInputs;

    /// <summary>The groups of an output, and of a row of inputs.</summary>
    public int Groups => (Inputs + GroupInputs - 1) / GroupInputs;

    /// <summary>The sums of a row: the outputs, rounded up to whole tiles.</summary>
    public int Stride => (Outputs + TileOutputs - 1) / TileOutputs * TileOutputs;

    /// <summary>The bytes of all outputs.</summary>
    public int Length => checked(Stride * Groups);

    /// <summary>The outputs that an output's group is stored with: a block, or a tile after the last block.</summary>
    public int WidthAt(int output) => output < Stride - Stride % BlockOutputs ? BlockOutputs : TileOutputs;

    /// <summary>Where a group of an output is.</summary>
    public int IndexOf(int output, int group)
    {
        int width = WidthAt(output);
        return (output - output % width) * Groups + group * width + output % width;
    }
}
