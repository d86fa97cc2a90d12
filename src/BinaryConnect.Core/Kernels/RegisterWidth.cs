using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels;

/// <summary>Whether the widest registers are also the fastest.</summary>
internal static class RegisterWidth
{
    // AMD's family of Zen 3 and Zen 4.
    private const int TakesHalvesInTurn = 0x19;

    /// <summary>
    /// Whether 512 bits are multiplied as fast as 256. A Zen 4 has the instructions, and takes the halves of a register in turn; what says so is its
    /// family number alone.
    /// </summary>
    public static bool MultipliesBy512 { get; } = Vector512.IsHardwareAccelerated && X86Base.IsSupported && Family() != TakesHalvesInTurn;

    // Base and extended family in bits 8 to 11 and 20 to 27 of the first leaf. No other maker's family has this number.
    private static int Family()
    {
        int signature = X86Base.CpuId(1, 0).Eax;
        return (signature >> 8 & 0xF) + (signature >> 20 & 0xFF);
    }
}
