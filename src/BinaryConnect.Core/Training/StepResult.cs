namespace BinaryConnect.Training;

/// <summary>The result of one training step.</summary>
/// <param name="Loss">The mean loss of the batch, before the update.</param>
/// <param name="LearningRate">α of the step, before any scaling for a parameter.</param>
/// <param name="SignFlips">The number of latent weights that changed sign; 0 and −0 count as positive.</param>
/// <param name="WeightChange">‖Δw‖₁ = Σ |w_after − w_before| over the latent weights, after clipping.</param>
public readonly record struct StepResult(double Loss, float LearningRate, int SignFlips, double WeightChange);
