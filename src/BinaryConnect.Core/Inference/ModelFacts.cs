using BinaryConnect.Data;

namespace BinaryConnect.Inference;

/// <summary>
/// Facts about a model besides its weights: the scaling of its inputs, the names of its classes, and notes.
/// <see cref="ModelFile"/> keeps all of them, and <see cref="ModelPacker"/> uses all but the notes.
/// </summary>
public sealed record ModelFacts
{
    /// <summary>The factor of a byte of an input, where inputs are bytes; finite, and not 0.</summary>
    public float InputScale { get; init; } = 1f / 255;

    /// <summary>The summand after scaling, where inputs are bytes; finite.</summary>
    public float InputShift { get; init; }

    /// <summary>
    /// The standardization of raw features, [f], before the first layer; null for none. The network itself takes
    /// standardized features. A packed model takes raw ones.
    /// </summary>
    public Standardization? Standardization { get; init; }

    /// <summary>The name of each class, [c]; null for none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Texts of your own by name, such as those of <c>TrainingReport.ToNotes</c>.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>The scaling of bytes and the class names of a data set.</summary>
    /// <param name="data">The data as they were before standardization.</param>
    /// <param name="standardization">The standardization that was applied to them; null for none.</param>
    /// <returns>Facts without notes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    public static ModelFacts Of(Dataset data, Standardization? standardization = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new ModelFacts
        {
            InputScale = data.Scale,
            InputShift = data.Shift,
            Standardization = standardization,
            ClassNames = data.ClassNames,
        };
    }
}
