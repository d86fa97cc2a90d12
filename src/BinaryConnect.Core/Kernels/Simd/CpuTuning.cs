using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace BinaryConnect.Kernels.Simd;

/// <summary>What is fast on this processor, of what it can do. Its answers choose between forms of the same result.</summary>
internal static class CpuTuning
{
    [ThreadStatic]
    private static bool? _forcedSkipping;

    // AMD's family of Zen 3 and Zen 4.
    private const int TakesHalvesInTurn = 0x19;

    private static readonly bool Is512Wide = Vector512.IsHardwareAccelerated && X86Base.IsSupported;

    // As fast as 256 bits. A Zen 4 has the instructions, and takes the halves of a register in turn; what says so is its family number alone.
    private static readonly bool MultipliesBy512 = Is512Wide && Family() != TakesHalvesInTurn;

    /// <summary>
    /// Whether lanes of 512 bits are permuted and widened by units that are free while others multiply and add. AMD's processors have such; Intel's have
    /// two units for 512 bits, one of which does it all.
    /// </summary>
    public static bool PermutesApart { get; } = Is512Wide && Maker() == "AuthenticAMD";

    /// <summary>
    /// Whether a layer of few outputs gains by skipping blocks of zeros. Then a block takes a load of each output's weights; a product
    /// that skips nothing shares a load between two rows. Where 512 bits are multiplied as fast as 256, sharing wins.
    /// </summary>
    public static bool SkipsZeros => _forcedSkipping ?? !MultipliesBy512;

    /// <summary>Lets tests run both forms on any processor, for models that this thread makes; null for the processor's choice.</summary>
    public static bool? ForcedSkipping
    {
        set => _forcedSkipping = value;
    }

    /// <summary>
    /// All that the last bits of results depend on: instruction set, register width, fused multiply-adds, and whether
    /// zeros are left out. <see cref="PermutesApart"/> chooses between forms that give the same bits. Files hold this
    /// text, so that it must stay as it is.
    /// </summary>
    public static string Kernels { get; } =
        $"{Architecture()}, {RegisterWidth()}, {MultiplyAdd()}, zeros {(MultipliesBy512 ? "multiplied" : "left out")}";

    private static string Architecture() => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string RegisterWidth() =>
        Vector512.IsHardwareAccelerated ? "512 bits"
        : Vector256.IsHardwareAccelerated ? "256 bits"
        : Vector128.IsHardwareAccelerated ? "128 bits"
        : "no vectors";

    private static string MultiplyAdd() =>
        Fma.IsSupported || AdvSimd.IsSupported ? "fused multiply-add" : "separate multiply and add";

    // Base and extended family in bits 8 to 11 and 20 to 27 of the first leaf. No other maker's family has this number.
    private static int Family()
    {
        int signature = X86Base.CpuId(1, 0).Eax;
        return (signature >> 8 & 0xF) + (signature >> 20 & 0xFF);
    }

    private static string Maker()
    {
        (_, int first, int last, int middle) = X86Base.CpuId(0, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes((ReadOnlySpan<int>)[first, middle, last]));
    }
}
