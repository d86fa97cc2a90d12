namespace BinaryConnect.Optimizers;

/// <summary>The coefficients that all values share in one step of Adam.</summary>
/// <param name="Rate">The learning rate with the mean's bias correction, α / (1 − β₁ᵗ).</param>
/// <param name="KeptMean">β₁.</param>
/// <param name="NewMean">1 − β₁.</param>
/// <param name="KeptVariance">β₂.</param>
/// <param name="NewVariance">1 − β₂.</param>
/// <param name="VarianceCorrection">1 / (1 − β₂ᵗ).</param>
/// <param name="Epsilon">Added to the root.</param>
internal readonly record struct AdamCoefficients(
    float Rate, float KeptMean, float NewMean, float KeptVariance, float NewVariance, float VarianceCorrection, float Epsilon);
