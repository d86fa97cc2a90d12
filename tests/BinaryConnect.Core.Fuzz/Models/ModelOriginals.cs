using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Training;

namespace BinaryConnect.Fuzz.Models;

/// <summary>Small models that between them use all that a file of a model can hold.</summary>
internal static class ModelOriginals
{
    private const int Features = 6, Classes = 3;

    private static readonly Standardization Standard = new([0.5f, 1, 2, -1, 1, 0.25f], [0, 1, -1, 0.5f, 0, 2]);
    private static readonly string[] Names = ["zero", "one", "Ωμέγα"];

    private static readonly ModelFacts Facts = new()
    {
        InputScale = 0.01f,
        InputShift = -0.5f,
        Standardization = Standard,
        ClassNames = Names,
        Notes = new Dictionary<string, string> { ["steps"] = "12", [""] = "no name", ["author"] = "a\nb" },
    };

    /// <summary>Files that <c>ModelFile.Load</c> opens: models, and checkpoints, one with best weights.</summary>
    public static ModelOriginal[] Models(string folder) =>
    [
        Model(
            "logistic",
            new LogisticModel(new() { Features = Features, Classes = Classes, OutputScale = 1, Seed = 2 })),
        Model("perceptron", Perceptron()),
        Model("every layer", EveryLayer()),
        Model("signs", Signs()),
        Model("logistic with facts", new LogisticModel(Features, Classes, seed: 3), Facts),
        Model("every layer with facts", EveryLayer(), Facts),
        Checkpoint("checkpoint of a perceptron", Perceptron(), folder, keepsBest: true),
        Checkpoint("checkpoint of every layer", EveryLayer(), folder, keepsBest: false),
        Checkpoint("checkpoint of signs", Signs(), folder, keepsBest: false),
    ];

    /// <summary>Files that <c>PackedModel.Load</c> opens.</summary>
    public static ModelOriginal[] Packed()
    {
        PackedModel perceptron = ModelPacker.Pack(Perceptron(), Facts);
        return
        [
            Packed("logistic", ModelPacker.Pack(new LogisticModel(Features, Classes, seed: 3))),
            Packed("perceptron", ModelPacker.Pack(Perceptron())),
            Packed("every layer", ModelPacker.Pack(EveryLayer(), Facts)),
            Packed("real weights", ModelPacker.Pack(Perceptron(), binarizer: new IdentityBinarizer())),
            Packed("perceptron with facts", perceptron),
            Packed("signs", ModelPacker.Pack(Signs())),
            Packed("bytes", ModelPacker.PackActivations(perceptron, Data()).Model),
            Packed("bytes of a wide layer", ModelPacker.PackActivations(ModelPacker.Pack(Wide()), Data()).Model),
        ];
    }

    private static MultilayerPerceptron Perceptron() => new(
        new() { Features = Features, HiddenUnits = [5, 4], Classes = Classes, HiddenDropout = 0.25f, Bound = 0.5f, Seed = 3 });

    private static Sequential EveryLayer() => new(new FeatureShape(1, 2, 3), 5,
    [
        new BatchNorm(0.01f, 0.5f), new BinaryDense(9) { Name = "first", Binarizer = new IdentityBinarizer() }, new Relu(),
        new LearnedScale(0.5f), new Identity(), new BinaryDense(18) { Binarizer = new StochasticBinarizer(7) },
        new Dropout(0.25f), new BinaryDense(Classes) { HasBias = true, BinarizesBias = true, InitialScale = 0.5f },
    ]);

    // Bits between the layers of a packed model.
    private static MultilayerPerceptron Signs() => new(
        new() { Features = Features, HiddenUnits = [17], Classes = Classes, Activation = Activation.Sign, Seed = 8 });

    // More outputs than a narrow product takes, and more than one layer that rounds its inputs.
    private static Sequential Wide() => new(new FeatureShape(Features), 7,
    [
        new BinaryDense(20), new BatchNorm(), new Relu(), new BinaryDense(18), new BatchNorm(), new Relu(),
        new BinaryDense(Classes) { HasBias = true },
    ]);

    private static Dataset Data()
    {
        const int Rows = 20;
        byte[] bytes = new byte[Rows * Features];
        new Random(4).NextBytes(bytes);
        return Dataset.FromBytes(bytes, Enumerable.Range(0, Rows).Select(row => row % Classes).ToArray(), Features, Classes);
    }

    private static ModelOriginal Model(string name, Sequential network, ModelFacts? facts = null)
    {
        using var stream = new MemoryStream();
        network.Save(stream, facts);
        return new ModelOriginal(name, stream.ToArray());
    }

    private static ModelOriginal Checkpoint(string name, Sequential network, string folder, bool keepsBest)
    {
        string path = Path.Combine(folder, "original");
        File.Delete(path);
        var options = new TrainerOptions
        {
            BatchSize = 4,
            MaxSteps = 4,
            EvaluateEverySteps = 2,
            KeepBest = keepsBest,
            CheckpointPath = path,
            CheckpointEverySteps = 4,
            MaxDegreeOfParallelism = 1,
        };
        new Trainer(options).Fit(network, Data(), Data());
        return new ModelOriginal(name, File.ReadAllBytes(path));
    }

    private static ModelOriginal Packed(string name, PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return new ModelOriginal(name, stream.ToArray());
    }
}
