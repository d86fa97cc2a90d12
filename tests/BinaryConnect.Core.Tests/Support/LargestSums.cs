using BinaryConnect.Kernels.ByteSignGemm;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// The rows of bytes and the signs with the largest partial or final sums: inputs all 255, or
/// 255 at even or odd places; signs all +, all −, alternating from + or from −, and + in the first half alone.
/// </summary>
internal static class LargestSums
{
    private const int RowKinds = 3, SignKinds = 5;

    /// <summary>Contiguous rows; the kinds alternate.</summary>
    public static byte[] Inputs(int rows, int inner)
    {
        byte[] values = new byte[rows * inner];
        for (int i = 0; i < rows; i++)
        {
            Span<byte> row = values.AsSpan(i * inner, inner);
            for (int k = 0; k < inner; k++) row[k] = Holds(i % RowKinds, k) ? byte.MaxValue : (byte)0;
        }

        return values;
    }

    /// <summary>The weights of all outputs.</summary>
    public static float[] AllWeights(int outputs, int inner)
    {
        float[] weights = new float[outputs * inner];
        for (int j = 0; j < outputs; j++)
        {
            Span<float> row = weights.AsSpan(j * inner, inner);
            if (j >= SignKinds) weights.AsSpan((j - SignKinds) * inner, inner).CopyTo(row);
            else Weights(j, inner).CopyTo(row);
        }

        return weights;
    }

    /// <summary>The signs of all outputs as <see cref="ByteSignGemm"/> takes them.</summary>
    public static sbyte[] Packed(int outputs, int inner)
    {
        int stride = ByteSignGemm.Stride(inner);
        sbyte[] signs = new sbyte[outputs * stride];
        for (int j = 0; j < outputs; j++)
        {
            Span<sbyte> packed = signs.AsSpan(j * stride, stride);
            if (j >= SignKinds) signs.AsSpan((j - SignKinds) * stride, stride).CopyTo(packed);
            else if (!ByteSignPacking.Pack(Weights(j, inner), 1, packed, inner))
                throw new InvalidOperationException("Signs were refused.");
        }

        return signs;
    }

    /// <summary>The expected product, [rows, outputs]. Throws where a sum does not fit 32 bits.</summary>
    public static int[] Expected(int rows, int outputs, int inner)
    {
        int[] sums = new int[rows * outputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++) sums[i * outputs + j] = checked((int)Sum(i % RowKinds, j % SignKinds, inner));
        }

        return sums;
    }

    // The weights of one output; the kinds alternate.
    private static float[] Weights(int output, int inner)
    {
        float[] weights = new float[inner];
        for (int k = 0; k < inner; k++) weights[k] = Sign(output % SignKinds, isOdd: k % 2 != 0, isFirstHalf: k < inner / 2);
        return weights;
    }

    private static long Sum(int rowKind, int signKind, int inner)
    {
        int half = inner / 2, even = (inner + 1) / 2, odd = inner / 2, firstEven = (half + 1) / 2, firstOdd = half / 2;
        long sum = 0;
        if (Holds(rowKind, 0))
            sum += (long)firstEven * Sign(signKind, false, true) + (long)(even - firstEven) * Sign(signKind, false, false);
        if (Holds(rowKind, 1))
            sum += (long)firstOdd * Sign(signKind, true, true) + (long)(odd - firstOdd) * Sign(signKind, true, false);
        return byte.MaxValue * sum;
    }

    private static bool Holds(int rowKind, int place) => rowKind == 0 || place % 2 == rowKind - 1;

    private static int Sign(int signKind, bool isOdd, bool isFirstHalf) => signKind switch
    {
        0 => 1,
        1 => -1,
        2 => isOdd ? -1 : 1,
        3 => isOdd ? 1 : -1,
        _ => isFirstHalf ? 1 : -1,
    };
}
