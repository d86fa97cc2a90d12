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
        for (int i = 0; i < Candidates; i++)
        {
            double share = 1 - i * CandidateStep;
            var candidate = new ByteScaling((float)(share * ((double)greatest - least) / Levels), (float)(share * least));
            if (!(candidate.Scale > 0) || !float.IsFinite(1 / candidate.Scale)) continue;
            double error = ErrorOf(candidate, values);
            if (error < leastError) (best, leastError) = (candidate, error);
        }

        return best;
    }

    private static double ErrorOf(ByteScaling bytes, ReadOnlySpan<float> values)
    {
        double sum = 0;
        float factor = 1 / bytes.Scale;
        foreach (float value in values)
        {
            float rounded = Math.Clamp(MathF.Floor((value - bytes.Shift) * factor + 0.5f), 0, Levels);
            double error = rounded * bytes.Scale + bytes.Shift - value;
            sum += error * error;
        }

        return sum;
    }
}
