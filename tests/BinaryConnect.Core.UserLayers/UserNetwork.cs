using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.UserLayers;

/// <summary>A network of a user's layers and of the library's, before and after dropout.</summary>
public static class UserNetwork
{
    /// <summary>Makes it. The last layer has real weights.</summary>
    public static Sequential New(int features, int classes, int hidden = 24) => new(new FeatureShape(features), seed: 3,
    [
        new NoisyGate(0.25f),
        new CenteredDense(hidden),
        new HardTanh(),
        new Dropout(0.2f),
        new BinaryDense(hidden),
        new BatchNorm(),
        new Tanh(),
        new Dropout(0.2f),
        new NoisyGate(0.5f),
        new CenteredDense(hidden),
        new HardTanh(),
        new BinaryDense(classes) { HasBias = true, Binarizer = new IdentityBinarizer() },
    ]);
}
