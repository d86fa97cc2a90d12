namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>The learning rate of the first epoch and of the last; from one to the other it falls by the same factor each epoch.</summary>
internal readonly record struct LearningRates(float First, float Last)
{
    /// <summary>Rates at which the optimizer trains binary networks well.</summary>
    public static LearningRates For(OptimizerKind optimizer) => optimizer switch
    {
        OptimizerKind.Sgd => new(0.3f, 0.01f),
        // A momentum of 0.9 adds up ten moves.
        OptimizerKind.Nesterov => new(0.03f, 0.001f),
        _ => new(1e-3f, 3e-6f),
    };
}
