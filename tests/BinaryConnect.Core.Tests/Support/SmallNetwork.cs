using BinaryConnect.Models;

namespace BinaryConnect.Tests.Support;

/// <summary>A multilayer network for <see cref="SmallData"/>.</summary>
internal static class SmallNetwork
{
    public static MultilayerPerceptronOptions Options { get; } = new()
    {
        Features = SmallData.Features,
        HiddenUnits = [8, 7],
        Classes = SmallData.Classes,
        Seed = 3,
    };

    public static MultilayerPerceptron New() => new(Options);

    /// <summary>The bits of everything that training changes: latent values and statistics.</summary>
    public static int[] Bits(IModel model) =>
    [
        .. model.Parameters.SelectMany(parameter => Numbers.Bits(parameter.Latent)),
        .. model.Statistics.SelectMany(statistic => Numbers.Bits(statistic.Values)),
    ];
}
