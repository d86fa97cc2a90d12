using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>How a network is trained.</summary>
/// <param name="Optimizer">Makes the optimizer.</param>
/// <param name="FirstRate">The rate of the first epoch.</param>
/// <param name="LastRate">The rate of the last epoch.</param>
/// <param name="BinaryRateScaling">The scaling of the rates of binary weights.</param>
internal sealed record NetworkRecipe(
    Func<IOptimizer> Optimizer, float FirstRate, float LastRate, RateScaling BinaryRateScaling)
{
    /// <summary>The paper's, of ReLU networks.</summary>
    public static NetworkRecipe Paper { get; } =
        new(() => new Sgd(), FirstRate: 0.3f, LastRate: 0.01f, RateScaling.InverseGlorotSquared);

    /// <summary>That of networks with bits for activations: BinaryNet's, without its dropout.</summary>
    public static NetworkRecipe Bits { get; } =
        new(() => new Adam(), FirstRate: 3e-3f, LastRate: 3e-6f, RateScaling.InverseGlorot)
        {
            Activation = Activation.Sign,
            BatchSize = 100,
        };

    /// <summary>The activation of hidden layers.</summary>
    public Activation Activation { get; private init; } = Activation.Relu;

    /// <summary>The images of a batch.</summary>
    public int BatchSize { get; private init; } = 200;
}
