using System.Numerics.Tensors;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;

namespace BinaryConnect.Data;

/// <summary>
/// Gives every feature mean 0 and standard deviation 1: <c>y[i, j] = x[i, j] · Scale[j] + Shift[j]</c>. Scale is 1/σ_j
/// and Shift is −μ_j/σ_j, of the rows that it was fit on. Fit it on training data alone, then apply it to all data.
/// Immutable, and safe from any number of threads.
/// </summary>
public sealed class Standardization
{
    private readonly float[] _scale, _shift;

    /// <summary>Takes known factors, such as those of another program.</summary>
    /// <param name="scale">The factor of each feature, [f], finite and not 0; copied.</param>
    /// <param name="shift">The summand of each feature, [f], finite; copied.</param>
    /// <exception cref="ArgumentException">
    /// There is no feature, the lengths differ, or a value is not finite, or a factor is 0.
    /// </exception>
    public Standardization(ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        if (scale.IsEmpty) throw new ArgumentException("'scale' is empty; there must be at least one feature.", nameof(scale));
        Guard.Length(shift.Length, scale.Length, nameof(shift), "the length of 'scale'");
        for (int j = 0; j < scale.Length; j++)
        {
            if (!float.IsFinite(scale[j]) || scale[j] == 0)
                throw new ArgumentException($"'scale' has {scale[j]} at {j:N0}; it must be finite, and not 0.", nameof(scale));
            if (!float.IsFinite(shift[j]))
                throw new ArgumentException($"'shift' has {shift[j]} at {j:N0}; it must be finite.", nameof(shift));
        }

        _scale = scale.ToArray();
        _shift = shift.ToArray();
    }

    /// <summary>The number of features, f.</summary>
    public int FeatureCount => _scale.Length;

    /// <summary>The factor of each feature, [f].</summary>
    public ReadOnlySpan<float> Scale => _scale;

    /// <summary>The summand of each feature, [f].</summary>
    public ReadOnlySpan<float> Shift => _shift;

    /// <summary>
    /// Measures mean μ_j and standard deviation σ_j = √((1/n) Σ_i (x[i, j] − μ_j)²) of each feature, in double
    /// precision. A feature that is the same in all rows has scale 1. So has one whose 1/σ_j is too large for a float.
    /// </summary>
    /// <param name="train">The rows, [n, f]; bytes count as <c>byte · Scale + Shift</c>.</param>
    /// <returns>The standardization of these rows.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="train"/> is null.</exception>
    public static Standardization Fit(Dataset train)
    {
        ArgumentNullException.ThrowIfNull(train);
        int features = train.FeatureCount;
        float[] row = new float[features], least = new float[features], greatest = new float[features];
        double[] wide = new double[features], mean = new double[features], squares = new double[features];
        train.CopyRow(0, least);
        train.CopyRow(0, greatest);
        for (int i = 0; i < train.Count; i++)
        {
            train.CopyRow(i, row);
            TensorPrimitives.Min(least, row, least);
            TensorPrimitives.Max(greatest, row, greatest);
            TensorPrimitives.ConvertTruncating<float, double>(row, wide);
            TensorPrimitives.Add<double>(mean, wide, mean);
        }

        TensorPrimitives.Divide(mean, train.Count, mean);
        for (int i = 0; i < train.Count; i++)
        {
            train.CopyRow(i, row);
            TensorPrimitives.ConvertTruncating<float, double>(row, wide);
            TensorPrimitives.Subtract<double>(wide, mean, wide);
            TensorPrimitives.MultiplyAdd<double>(wide, wide, squares, squares);
        }

        float[] scale = new float[features], shift = new float[features];
        for (int j = 0; j < features; j++)
        {
            // Rounding of the mean may give a constant feature a deviation above 0. So its values are compared.
            double factor = least[j] == greatest[j] ? 1 : 1 / Math.Sqrt(squares[j] / train.Count);
            if (!float.IsFinite((float)factor)) factor = 1;
            scale[j] = (float)factor;
            shift[j] = (float)(-mean[j] * factor);
        }

        return new Standardization(scale, shift);
    }

    /// <summary>Standardizes rows: effectively computes <c>y[i, j] = x[i, j] · Scale[j] + Shift[j]</c>.</summary>
    /// <param name="features">x, [n, f] row-major.</param>
    /// <param name="destination">Takes y, [n, f]; the same memory as <paramref name="features"/>, or apart.</param>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="features"/> is no whole number of rows, that of <paramref name="destination"/> is
    /// another, or the spans overlap in part.
    /// </exception>
    public void Apply(ReadOnlySpan<float> features, Span<float> destination)
    {
        int rows = Guard.Rows(features.Length, FeatureCount, nameof(features), nameof(FeatureCount));
        Guard.Length(destination.Length, features.Length, nameof(destination), "the length of 'features'");
        Guard.SameOrDisjoint(destination, features, nameof(destination), nameof(features));
        for (int i = 0; i < rows; i++)
        {
            Range row = (i * FeatureCount)..((i + 1) * FeatureCount);
            TensorPrimitives.MultiplyAdd(features[row], _scale, _shift, destination[row]);
        }
    }

    /// <summary>Standardizes a data set, of bytes or of floats. Labels and class names are kept.</summary>
    /// <param name="data">The rows, [n, f].</param>
    /// <returns>A data set of floats, in memory of its own.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The data have another number of features, or more values than an array holds, or a result is not finite.
    /// </exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.FeatureCount != FeatureCount)
            throw new ArgumentException(
                $"'data' has rows of {data.FeatureCount:N0} features; they must have those of the standardization, "
                + $"{FeatureCount:N0}.",
                nameof(data));
        float[] values = new float[Guard.Product(data.Count, FeatureCount, Array.MaxLength, "data.Count", nameof(FeatureCount))];
        for (int i = 0; i < data.Count; i++) data.CopyRow(i, values.AsSpan(i * FeatureCount, FeatureCount));
        Apply(values, values);
        if (!FiniteCheck.All(values))
            throw new ArgumentException("'data' has values so large that a result is not finite; it must be.", nameof(data));
        var floats = Dataset.FromFloats(values, data.Labels.ToArray(), FeatureCount, data.ClassCount);
        return data.ClassNames is null ? floats : floats.WithClassNames(data.ClassNames);
    }
}
