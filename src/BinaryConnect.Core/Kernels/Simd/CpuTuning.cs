using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace BinaryConnect.Kernels.Simd;

/// <summary>Which of several equivalent forms is fast on this processor. Only this class knows processors.</summary>
internal static class CpuTuning
{
    [ThreadStatic]
    private static bool? _forcedSkipping;

    // AMD's family of Zen 3 and Zen 4. Zen 4 executes 512 bits in two halves.
    private const int HalfWidthFamily = 0x19;

    private static readonly bool Is512Wide = Vector512.IsHardwareAccelerated && X86Base.IsSupported;

    // Whether a 512-bit multiply-add is as fast as a 256-bit one. No feature bit tells, so the family number decides.
    private static readonly bool MultipliesBy512 = Is512Wide && Family() != HalfWidthFamily;

    /// <summary>
    /// Whether 512-bit lanes are permuted and widened by units that are free during multiply-adds. AMD's processors
    /// have such units. Intel's have two 512-bit units, and one of them does all permutations.
    /// </summary>
    public static bool PermutesApart { get; } = Is512Wide && Maker() == "AuthenticAMD";

    /// <summary>
    /// Whether a layer of few outputs gains by skipping blocks of zeros. Skipping loads each output's weights once for
    /// every block; the dense product shares that load between two rows, which wins where 512 bits multiply fast.
    /// </summary>
    public static bool SkipsZeros => _forcedSkipping ?? !MultipliesBy512;

    /// <summary>Lets tests force a form for models that this thread makes; null for the processor's choice.</summary>
    public static bool? ForcedSkipping { set => _forcedSkipping = value; }

    /// <summary>
    /// All that the last bits of results depend on: instruction set, register width, fused multiply-adds, and whether
    /// zeros are skipped. <see cref="PermutesApart"/> chooses between forms that give the same bits. Files hold this
    /// text, so that it must not change.
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

    // Family = base (bits 8 to 11) + extended (bits 20 to 27) of CPUID leaf 1. Only AMD has the number above.
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
