using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// Makes the groups of a <see cref="BitLayout"/> from words of 32 inputs, [tiles][⌈k/32⌉][64 outputs], the first input
/// in the lowest bit.
/// </summary>
/// <remarks>
/// A lane is an output. It shifts its word down to the group; a group that crosses the end of a word takes the
/// remaining bits from the next.
/// </remarks>
internal static class BitRegrouping
{
    private const int WordInputs = 32, TileOutputs = BitLayout.TileOutputs, Lanes = 16;

    /// <summary>
    /// Makes the groups of the outputs from <paramref name="first"/>, a multiple of 16, up to <paramref name="end"/>.
    /// It may write those of absent outputs, up to the next multiple of 16.
    /// </summary>
    public static void Regroup(ReadOnlySpan<uint> words, BitLayout layout, int first, int end, Span<byte> groups)
    {
        if (!Vector128.IsHardwareAccelerated)
        {
            RegroupScalar(words, layout, first, end, groups);
            return;
        }

        int count = Words(layout), inputs = layout.GroupInputs;
        Vector512<uint> mask = Vector512.Create((1u << inputs) - 1);
        for (int output = first; output < end; output += Lanes)
        {
            ref uint source = ref MemoryMarshal.GetReference(words[WordIndex(output, 0, count)..]);
            ref byte target = ref MemoryMarshal.GetReference(groups[layout.IndexOf(output, 0)..]);
            nuint width = (nuint)layout.WidthAt(output);
            for (int group = 0; group < layout.Groups; group++)
            {
                (int word, int shift) = Math.DivRem(group * inputs, WordInputs);
                nuint index = (nuint)word * TileOutputs;
                Vector512<uint> bits = Vector512.LoadUnsafe(ref source, index) >>> shift;
                if (shift > WordInputs - inputs && word + 1 < count)
                    bits |= Vector512.LoadUnsafe(ref source, index + TileOutputs) << WordInputs - shift;
                bits &= mask;
                Vector256<ushort> narrow = Vector256.Narrow(bits.GetLower(), bits.GetUpper());
                Vector128.Narrow(narrow.GetLower(), narrow.GetUpper()).StoreUnsafe(ref target, (nuint)group * width);
            }
        }
    }

    /// <summary>The definition of <see cref="Regroup"/>, without absent outputs.</summary>
    public static void RegroupScalar(ReadOnlySpan<uint> words, BitLayout layout, int first, int end, Span<byte> groups)
    {
        int count = Words(layout);
        for (int output = first; output < end; output++)
        {
            for (int group = 0; group < layout.Groups; group++)
            {
                uint bits = 0;
                for (int i = 0; i < layout.GroupInputs; i++)
                {
                    int input = group * layout.GroupInputs + i, word = input / WordInputs;
                    if (word < count) bits |= (words[WordIndex(output, word, count)] >> input % WordInputs & 1) << i;
                }

                groups[layout.IndexOf(output, group)] = (byte)bits;
            }
        }
    }

    private static int Words(BitLayout layout) => (layout.Inputs + WordInputs - 1) / WordInputs;

    private static int WordIndex(int output, int word, int words) =>
        (output / TileOutputs * words + word) * TileOutputs + output % TileOutputs;
}
