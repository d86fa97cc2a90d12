using System.Numerics.Tensors;

namespace BinaryConnect.Kernels;

/// <summary>Loops over short rows, such as logits of ten classes, where a call of TensorPrimitives for each row costs more than the row.</summary>
internal static class Rows
{
    private const int Short = 32;

    /// <summary>Effectively computes values[i, j] = values[i, j] · scale + offsets[j].</summary>
    public static void ScaleAndAdd(Span<float> values, float scale, ReadOnlySpan<float> offsets)
    {
        for (int i = 0; i < values.Length; i += offsets.Length)
        {
            Span<float> row = values.Slice(i, offsets.Length);
            if (row.Length > Short) TensorPrimitives.MultiplyAdd(row, scale, offsets, row);
            else for (int j = 0; j < row.Length; j++) row[j] = float.MultiplyAddEstimate(row[j], scale, offsets[j]);
        }
    }

    /// <summary>Effectively computes values[i, j] = integer(values[i, j]) · scale + offsets[j], where each value's bits hold an integer.</summary>
    public static void ScaleAndAddIntegers(Span<float> values, float scale, ReadOnlySpan<float> offsets)
    {
        for (int i = 0; i < values.Length; i += offsets.Length)
        {
            Span<float> row = values.Slice(i, offsets.Length);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = float.MultiplyAddEstimate(BitConverter.SingleToInt32Bits(row[j]), scale, offsets[j]);
            }
        }
    }

    /// <summary>Effectively computes sums[j] = Σ_i values[i, j].</summary>
    public static void Sum(ReadOnlySpan<float> values, Span<float> sums)
    {
        sums.Clear();
        for (int i = 0; i < values.Length; i += sums.Length)
        {
            ReadOnlySpan<float> row = values.Slice(i, sums.Length);
            if (row.Length > Short) TensorPrimitives.Add(sums, row, sums);
            else for (int j = 0; j < row.Length; j++) sums[j] += row[j];
        }
    }

    /// <summary>Effectively computes destination[j] = row[j] − value.</summary>
    public static void Subtract(ReadOnlySpan<float> row, float value, Span<float> destination)
    {
        if (row.Length > Short) TensorPrimitives.Subtract(row, value, destination);
        else for (int j = 0; j < row.Length; j++) destination[j] = row[j] - value;
    }

    /// <summary>Effectively computes row[j] = row[j] · factor.</summary>
    public static void Multiply(Span<float> row, float factor)
    {
        if (row.Length > Short) TensorPrimitives.Multiply(row, factor, row);
        else for (int j = 0; j < row.Length; j++) row[j] *= factor;
    }

    /// <summary>The largest value; NaN where there is one.</summary>
    public static float Max(ReadOnlySpan<float> row)
    {
        if (row.Length > Short) return TensorPrimitives.Max(row);
        float largest = row[0];
        for (int j = 1; j < row.Length; j++) largest = row[j] > largest || float.IsNaN(row[j]) ? row[j] : largest;
        return largest;
    }

    /// <summary>The sum of all values.</summary>
    public static float Sum(ReadOnlySpan<float> row)
    {
        if (row.Length > Short) return TensorPrimitives.Sum(row);
        float sum = 0;
        foreach (float value in row) sum += value;
        return sum;
    }
}
