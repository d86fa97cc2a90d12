using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>Rounds floats to the bytes that stand for them.</summary>
internal static class FloatToByte
{
    /// <summary>
    /// Effectively computes bytes[i] = clamp(⌊(values[i] − shift) · factor + ½⌋, 0, 255); NaN gives 0.
    /// </summary>
    public static void Round(ReadOnlySpan<float> values, float factor, float shift, Span<byte> bytes)
    {
        ref float source = ref MemoryMarshal.GetReference(values);
        ref byte target = ref MemoryMarshal.GetReference(bytes);
        int i = 0, step = Vector512<byte>.Count, quarter = Vector512<float>.Count;
        for (; i <= values.Length - step; i += step)
        {
            nuint at = (nuint)i;
            Vector512<short> first = Vector512.Narrow(
                Round(Vector512.LoadUnsafe(ref source, at), factor, shift),
                Round(Vector512.LoadUnsafe(ref source, at + (nuint)quarter), factor, shift));
            Vector512<short> second = Vector512.Narrow(
                Round(Vector512.LoadUnsafe(ref source, at + 2 * (nuint)quarter), factor, shift),
                Round(Vector512.LoadUnsafe(ref source, at + 3 * (nuint)quarter), factor, shift));
            Vector512.Narrow(first.AsUInt16(), second.AsUInt16()).StoreUnsafe(ref target, at);
        }

        for (; i < values.Length; i++)
            bytes[i] = (byte)Math.Clamp(MathF.Floor((values[i] - shift) * factor + 0.5f), 0f, 255f);
    }

    private static Vector512<int> Round(Vector512<float> values, float factor, float shift)
    {
        Vector512<float> rounded = Vector512.Floor((values - Vector512.Create(shift)) * factor + Vector512.Create(0.5f));
        return Vector512.ConvertToInt32(Vector512.Min(Vector512.Max(rounded, Vector512<float>.Zero), Vector512.Create(255f)));
    }
}
