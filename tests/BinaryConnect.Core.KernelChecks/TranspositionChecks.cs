using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class TranspositionChecks
{
    private const int Most = 20;
    private static readonly GuardedMemory<float> Source = new(Most * Most), Destination = new(Most * Most);

    public static void Run(Report report) => report.Kernel("Transposition.Transpose", [Form.Scalar, Form.Dispatched], Transpose);

    private static string? Transpose(Form form, Side side)
    {
        string? fault = null;
        for (int rows = 0; rows <= Most; rows++)
        {
            for (int columns = 1; columns <= Most; columns++)
            {
                float[] values = KernelInputs.Uniform(rows * columns, seed: columns), expected = new float[rows * columns];
                for (int i = 0; i < values.Length; i++) expected[i % columns * rows + i / columns] = values[i];
                Span<float> source = Source.Take(values, side), destination = Destination.Take(values.Length, side);
                destination.Clear();
                if (form == Form.Scalar) Transposition.TransposeScalar(source, destination, columns);
                else Transposition.Transpose(source, destination, columns);
                fault ??= Compare.Same(destination, expected, $"{rows} by {columns}");
            }
        }

        return fault;
    }
}
