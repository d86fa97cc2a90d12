using BinaryConnect.Kernels.Elementwise;

namespace BinaryConnect.Inference.Execution;

/// <summary>Chooses what the bytes of an activation stand for.</summary>
internal static class ActivationRange
{
    private const int Levels = byte.MaxValue, Candidates = 11;
    private const double CandidateStep = 0.05;

    /// <summary>
    /// The scale and shift of least squared error on some values. Candidates reach from the least value to the
    /// greatest, or to half of them. Byte 0 stands for 0 where no value is negative.
    /// </summary>
    public static ByteScaling Of(ReadOnlySpan<float> values)
    {
        float least = 0, greatest = 0;
        foreach (float value in values) (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        var best = new ByteScaling(1, 0);
        double leastError = double.PositiveInfinity;
        byte[] rounded = new byte[values.Length];
        for (int i = 0; i < Candidates; i++)
        {
            double share = 1 - i * CandidateStep;
            var candidate = new ByteScaling((float)(share * ((double)greatest - least) / Levels), (float)(share * least));
            if (!(candidate.Scale > 0) || !float.IsFinite(1 / candidate.Scale)) continue;
            double error = ErrorOf(candidate, values, rounded);
            if (error < leastError) (best, leastError) = (candidate, error);
        }

        return best;
    }

    private static double ErrorOf(ByteScaling bytes, ReadOnlySpan<float> values, Span<byte> rounded)
    {
        double sum = 0;
        FloatToByte.Round(values, 1 / bytes.Scale, bytes.Shift, rounded);
        for (int i = 0; i < values.Length; i++)
        {
            double error = rounded[i] * bytes.Scale + bytes.Shift - values[i];
            sum += error * error;
        }

        return sum;
    }
}
