using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.UserLayers;

namespace BinaryConnect.Tests.Inference;

/// <summary>Networks that leave the process with their latent weights, and come back.</summary>
internal sealed class ModelFileTests
{
    private const int Rows = 30;

    private static IEnumerable<TestCaseData> Networks =>
    [
        Named("logistic", () => new LogisticModel(SmallData.Features, SmallData.Classes, seed: 4)),
        Named("logistic with a scale", () => new LogisticModel(
            new() { Features = SmallData.Features, Classes = SmallData.Classes, OutputScale = 0.25f, BinarizeBias = true })),
        Named("paper", () => new MultilayerPerceptron(SmallNetwork.Options with { HiddenDropout = 0.5f, Bound = 0.5f })),
        Named("names and binarizers of layers", () => new Sequential(new FeatureShape(2, 3, 1), 5,
        [
            new BinaryDense(9) { Name = "first", Binarizer = new IdentityBinarizer() }, new BatchNorm(0.01f, 0.5f), new Relu(),
            new LearnedScale(0.5f), new Identity(), new SignActivation(2),
            new BinaryDense(20) { Binarizer = new StochasticBinarizer(7) },
            new Dropout(0.25f), new BinaryDense(SmallData.Classes) { HasBias = true },
        ])),
    ];

    [TestCaseSource(nameof(Networks))]
    public void A_network_comes_back_with_its_outputs(Func<Sequential> make)
    {
        Sequential network = Trained(make());

        Sequential loaded = SavedAndLoaded(network);

        Assert.That(SmallNetwork.Bits(loaded), Is.EqualTo(SmallNetwork.Bits(network)));
        Assert.That(loaded.Parameters.Select(parameter => parameter.Name), Is.EqualTo(
            network.Parameters.Select(parameter => parameter.Name)));
        Assert.That(Outputs(loaded), Is.EqualTo(Outputs(network)));
        Assert.That(loaded.InputShape, Is.EqualTo(network.InputShape));
    }

    [TestCaseSource(nameof(Networks))]
    public void It_trains_on_to_the_same_bits(Func<Sequential> make)
    {
        Sequential network = Trained(make()), loaded = SavedAndLoaded(network);

        Train(network);
        Train(loaded);

        Assert.That(SmallNetwork.Bits(loaded), Is.EqualTo(SmallNetwork.Bits(network)));
    }

    [Test]
    public void Layers_of_a_users_come_back_by_a_table()
    {
        Sequential network = Trained(UserNetwork.New(SmallData.Features, SmallData.Classes));
        var kinds = new ModelKinds();
        kinds.AddLayer("example.com/hard_tanh", _ => new HardTanh());
        kinds.AddLayer("example.com/tanh", _ => new Tanh());
        kinds.AddLayer("example.com/noisy_gate", settings => new NoisyGate(settings.ReadNumber("amplitude")));
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        Assert.That(() => ModelFile.Load(stream, kinds), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            "The stream: layer 1 is of kind 'example.com/centered_dense'; its kind must be added to 'ModelKinds'."));

        kinds.AddLayer("example.com/centered_dense", settings => new CenteredDense(settings.ReadWhole("outputs", 1)));
        stream.Position = 0;
        Sequential loaded = ModelFile.Load(stream, kinds);

        Assert.That(Outputs(loaded), Is.EqualTo(Outputs(network)));
        Assert.That(
            () => kinds.AddLayer("relu", _ => new Relu()), Throws.ArgumentException.With.Message.Contains("is known already"));
    }

    [Test]
    public void Notes_and_settings_can_be_read_without_the_model()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.safetensors");
        new LogisticModel(4, 2).Save(
            path, new ModelFacts { Notes = new Dictionary<string, string> { ["classes"] = "cat, dog" } });

        IReadOnlyDictionary<string, string> texts = ModelFile.Inspect(path);

        Assert.That((texts["format"], texts["note.classes"], texts["model.layer0"]), Is.EqualTo(
            ("BinaryConnect model", "cat, dog", "binary_dense")));
    }

    [TestCase("model.layer0.outputs", "60000000", "Its layers have more values than its tensors")]
    [TestCase("model.layer0.outputs", "-1", "'model.layer0.outputs' is '-1'; it must be a whole number from 1 to")]
    [TestCase("model.layer0.bound", "0", "'bound' is 0")]
    [TestCase("model.layer0.bias", "maybe", "'model.layer0.bias' is 'maybe'; it must be true or false.")]
    [TestCase("model.layer0", "unknown", "layer 0 is of kind 'unknown'; its kind must be added to 'ModelKinds'.")]
    [TestCase("model.layers", "2", "its metadata has no 'model.layer1'.")]
    [TestCase("model.input", "70000000", "'model.input' is '70000000'; it must be one size, or height x width x channels.")]
    [TestCase("model.input", "5", "Its layers have more values than its tensors")]
    [TestCase(
        "format", "BinaryConnect checkpoint", "it is a checkpoint of version '1'; it must be of version '2'.")]
    [TestCase(
        "format", "BinaryConnect packed model", "its format is 'BinaryConnect packed model'; it must be 'BinaryConnect model'.")]
    [TestCase("version", "9", "its version is '9'; it must be '1'.")]
    public void A_setting_that_is_wrong_is_named(string name, string text, string expected)
    {
        using var whole = new MemoryStream();
        new LogisticModel(4, 2).Save(whole);
        whole.Position = 0;
        using SafetensorsReader file = SafetensorsReader.Open(whole);
        var writer = new SafetensorsWriter();
        foreach ((string key, string value) in file.Metadata.Where(pair => pair.Key != "checksum"))
            writer.AddMetadata(key, key == name ? text : value);
        foreach (TensorEntry tensor in file.Tensors)
        {
            float[] values = new float[(tensor.End - tensor.Begin) / sizeof(float)];
            file.Read(tensor.Name, tensor.Shape, values.AsSpan());
            writer.Add<float>(tensor.Name, tensor.Shape, values);
        }

        using var changed = new MemoryStream();
        writer.WriteTo(changed);
        changed.Position = 0;

        Assert.That(() => ModelFile.Load(changed), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));
    }

    // A name is the user's, and may have any text of any length.
    [Test]
    public void A_long_name_that_two_layers_have_is_cut_in_the_message()
    {
        string name = new('n', 5_000);

        Assert.That(
            () => new Sequential(
                new FeatureShape(2), 1, [new BinaryDense(2) { Name = name }, new BinaryDense(2) { Name = name }]),
            Throws.ArgumentException.With.Message.EqualTo(
                $"Two parameters or statistics are called '{name[..120]}… (5,008 characters)'; "
                + "set the 'Name' of one of their layers."));
    }

    private static Sequential Trained(Sequential network)
    {
        Train(network);
        network.Binarize(new DeterministicBinarizer(), forInference: true);
        return network;
    }

    private static void Train(Sequential network) =>
        new Trainer(new TrainerOptions { BatchSize = 10, MaxSteps = 8, Optimizer = new Adam() })
        .Fit(network, SmallData.Floats(60), SmallData.Floats(20));

    private static Sequential SavedAndLoaded(Sequential network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        return ModelFile.Load(stream);
    }

    private static float[] Outputs(Sequential network)
    {
        float[] x = Numbers.Uniform(1, Rows * SmallData.Features), outputs = new float[Rows * SmallData.Classes];
        network.Infer(new Batch(x, Rows), outputs);
        return outputs;
    }

    private static TestCaseData Named(string name, Func<Sequential> make) => new TestCaseData(make).SetArgDisplayNames(name);
}
