namespace BinaryConnect.Inference;

/// <summary>What <see cref="ModelPacker.PackActivations"/> made, and what it costs on the calibration set.</summary>
/// <param name="Model">The model with activations of 8 bits.</param>
/// <param name="ExactAccuracy">The accuracy of the model before, 0 to 1.</param>
/// <param name="Accuracy">The accuracy of <paramref name="Model"/>, 0 to 1.</param>
/// <param name="ChangedClasses">The rows whose predicted class differs.</param>
/// <param name="Count">The rows.</param>
public sealed record ActivationPacking(
    PackedModel Model, double ExactAccuracy, double Accuracy, int ChangedClasses, int Count);
