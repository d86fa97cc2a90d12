using System.Collections.Concurrent;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Training;

namespace BinaryConnect.Onnx.Tests;

/// <summary>Packed models of digits, each trained once for all tests.</summary>
internal static class TrainedModels
{
    private static readonly ConcurrentDictionary<string, Lazy<PackedModel>> Models = new();

    /// <summary>
    /// Softmax regression, perceptrons with ReLU, signs or activations of 8 bits, or one with real weights.
    /// </summary>
    public static PackedModel Of(string name) => Models.GetOrAdd(name, key => new Lazy<PackedModel>(() => Train(key))).Value;

    private static PackedModel Train(string name)
    {
        if (name == "bytes") return ModelPacker.PackActivations(Of("relu"), MnistData.Tutorial.Validation).Model;
        Sequential model = name == "logistic"
            ? new LogisticModel(TestImages.Features, TestImages.Classes, seed: 1)
            : new MultilayerPerceptron(new()
            {
                Features = TestImages.Features,
                HiddenUnits = [100, 60],
                Classes = TestImages.Classes,
                Activation = name == "signs" ? Activation.Sign : Activation.Relu,
            });
        new Trainer(new TrainerOptions { MaxSteps = 100, RecomputeStatistics = true, Optimizer = new Adam() })
            .Fit(model, MnistData.Tutorial.Train, MnistData.Tutorial.Test);
        string[] names = [.. Enumerable.Range(0, TestImages.Classes).Select(digit => $"digit {digit}")];
        var facts = ModelFacts.Of(MnistData.Tutorial.Train) with { ClassNames = names };
        return ModelPacker.Pack(model, facts, name == "real" ? new Binarization.IdentityBinarizer() : null);
    }
}
