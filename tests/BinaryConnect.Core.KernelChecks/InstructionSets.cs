using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.KernelChecks;

/// <summary>The processor features that the runtime reports.</summary>
internal static class InstructionSets
{
    /// <summary>Space-separated, on one line.</summary>
    public static string Describe() =>
        $"{RuntimeInformation.RuntimeIdentifier} DynamicCode={RuntimeFeature.IsDynamicCodeSupported} "
        + $"Vector128={Vector128.IsHardwareAccelerated} Vector256={Vector256.IsHardwareAccelerated} "
        + $"Vector512={Vector512.IsHardwareAccelerated} "
        + $"Sse42={Sse42.IsSupported} Avx2={Avx2.IsSupported} Avx512F={Avx512F.IsSupported} "
        + $"AdvSimd={AdvSimd.IsSupported} Dp={Dp.IsSupported}";

    /// <summary>
    /// The first of the space-separated <paramref name="expected"/> flags that the machine contradicts, or null.
    /// </summary>
    public static string? Differ(string expected)
    {
        string[] seen = Describe().Split(' ');
        string? missing = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(flag => !seen.Contains(flag));
        return missing is null ? null : $"{missing} was expected";
    }
}
