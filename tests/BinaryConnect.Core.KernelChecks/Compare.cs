namespace BinaryConnect.KernelChecks;

/// <summary>Says where two results differ, or null.</summary>
internal static class Compare
{
    /// <summary>Bit for bit, any NaN being as good as another.</summary>
    public static string? Same(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string when)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!actual[i].Equals(expected[i])
                || float.IsNegative(actual[i]) != float.IsNegative(expected[i]) && !float.IsNaN(actual[i]))
                return $"{when}, at {i}: {actual[i]:R} for {expected[i]:R}";
        }

        return null;
    }

    public static string? Equal<T>(ReadOnlySpan<T> actual, ReadOnlySpan<T> expected, string when)
        where T : IEquatable<T>
    {
        int at = actual.CommonPrefixLength(expected);
        return at == expected.Length ? null : $"{when}, at {at}: {actual[at]} for {expected[at]}";
    }

    public static string? Near(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, float tolerance, string when)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= tolerance)) return $"{when}, at {i}: {actual[i]:R} for {expected[i]:R}";
        }

        return null;
    }
}
