namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>
/// The learning rates of the first epoch and of the last. In between the rate falls by a constant factor.
/// </summary>
internal readonly record struct LearningRates(float First, float Last)
{
    /// <summary>Rates at which the optimizer trains binary networks well.</summary>
    public static LearningRates For(OptimizerKind optimizer) => optimizer switch
    {
        OptimizerKind.Sgd => new(0.3f, 0.01f),
        // A momentum of 0.9 makes the total effect of each gradient ten times as large.
        OptimizerKind.Nesterov => new(0.03f, 0.001f),
        _ => new(1e-3f, 3e-6f),
    };
}
