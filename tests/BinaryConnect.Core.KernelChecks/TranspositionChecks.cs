using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class TranspositionChecks
{
    private const int Most = 20, Apart = 3;
    private static readonly GuardedMemory<float> Source = new(Most * Most), Destination = new(Most * (Most + Apart));

    public static void Run(Report report)
    {
        Form[] forms = [Form.Scalar, Form.Dispatched];
        report.Kernel("Transposition.Transpose", forms, (form, side) => Transpose(form, side, apart: 0));
        report.Kernel("Transposition.Transpose, rows apart", forms, (form, side) => Transpose(form, side, Apart));
        report.Kernel("Transposition.TransposeColumns", forms, TransposeColumns);
    }

    private static string? Transpose(Form form, Side side, int apart)
    {
        string? fault = null;
        for (int rows = 0; rows <= Most; rows++)
        {
            for (int columns = 1; columns <= Most; columns++)
            {
                int stride = rows + apart;
                float[] values = KernelInputs.Uniform(rows * columns, seed: columns);
                float[] expected = new float[(columns - 1) * stride + rows];
                for (int i = 0; i < values.Length; i++) expected[i % columns * stride + i / columns] = values[i];
                Span<float> source = Source.Take(values, side), destination = Destination.Take(expected.Length, side);
                destination.Clear();
                if (form == Form.Scalar) Transposition.TransposeScalar(source, destination, columns, stride);
                else Transposition.Transpose(source, destination, columns, stride);
                fault ??= Compare.Same(destination, expected, $"{rows} by {columns}");
            }
        }

        return fault;
    }

    private static string? TransposeColumns(Form form, Side side)
    {
        string? fault = null;
        for (int rows = 0; rows <= Most; rows++)
        {
            float[] values = KernelInputs.Uniform(rows * Most, seed: rows);
            for (int first = 0; first < Most; first++)
            {
                for (int count = 0; count <= Most - first; count++)
                {
                    float[] expected = new float[count * rows];
                    for (int i = 0; i < expected.Length; i++) expected[i] = values[i % rows * Most + first + i / rows];
                    Span<float> source = Source.Take(values, side), destination = Destination.Take(expected.Length, side);
                    destination.Clear();
                    if (form == Form.Scalar) Transposition.TransposeColumnsScalar(source, Most, first, count, destination);
                    else Transposition.TransposeColumns(source, Most, first, count, destination);
                    fault ??= Compare.Same(destination, expected, $"{rows} rows, {count} columns from {first}");
                }
            }
        }

        return fault;
    }
}
