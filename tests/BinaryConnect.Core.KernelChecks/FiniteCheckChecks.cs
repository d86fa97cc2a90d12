using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class FiniteCheckChecks
{
    private static readonly float[] NotFinite = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
    private static readonly GuardedMemory<float> Values = new(256);

    public static void Run(Report report) => report.Kernel("FiniteCheck.All", All);

    private static string? All(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            Span<float> values = Values.Take(length, side);
            values.Fill(float.MaxValue);
            if (!FiniteCheckForms.All(form, values)) fault ??= $"length {length}, all finite";
            for (int at = 0; at < length; at++)
            {
                values[at] = NotFinite[at % NotFinite.Length];
                if (FiniteCheckForms.All(form, values)) fault ??= $"length {length}, {values[at]} at {at}";
                values[at] = -0f;
            }
        }

        return fault;
    }
}
