using System.Text.RegularExpressions;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Settings;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Settings;

/// <summary>How every kind of this library describes itself. Files hold these texts: none may change.</summary>
internal sealed partial class DescribedKindsTests
{
    private static readonly Type[] Doors =
        [typeof(IBinarizer), typeof(ILoss), typeof(IOptimizer), typeof(ILearningRateSchedule), typeof(IModel), typeof(Layer)];

    private static IEnumerable<TestCaseData> Kinds =>
    [
        Kind(new DeterministicBinarizer(), "deterministic"),
        Kind(new StochasticBinarizer(-3), "stochastic", "seed = -3"),
        Kind(new IdentityBinarizer(), "identity"),
        Kind(new CrossEntropyLoss(), "cross_entropy"),
        Kind(new CrossEntropyLoss([1, 0.25f]), "cross_entropy", "class_weights = [1, 0.25]"),
        Kind(new SquaredHingeLoss(true), "squared_hinge", "mean_over_classes = true"),
        Kind(
            new SquaredHingeLoss(classWeights: [0, 3]),
            "squared_hinge", "mean_over_classes = false", "class_weights = [0, 3]"),
        Kind(new Sgd(0.9f, nesterov: true), "sgd", "momentum = 0.9", "nesterov = true"),
        Kind(new Adam(0.5f, 0.25f, 1e-7f), "adam", "beta1 = 0.5", "beta2 = 0.25", "epsilon = 1E-07"),
        Kind(new ConstantRate(0.1f), "constant", "rate = 0.1"),
        Kind(new StepDecay(0.5f, 0.8f, 20), "step_decay", "initial_rate = 0.5", "factor = 0.8", "every = 20"),
        Kind(new CosineDecay(0.5f, 1000, 0.25f), "cosine_decay", "initial_rate = 0.5", "steps = 1000", "final_rate = 0.25"),
        Kind(
            new ExponentialDecay(0.3f, 0.01f, 1000, 250),
            "exponential_decay", "initial_rate = 0.3", "final_rate = 0.01", "epochs = 1000", "steps_per_epoch = 250"),
        Kind(
            new PlateauDecay(0.5f, 0.9f, 5),
            "plateau_decay",
            "initial_rate = 0.5",
            "factor = 0.9",
            "max_decays = 5",
            "patience = null"),
        Kind(
            new LinearWarmup(new PlateauDecay(0.5f, 0.9f, 5, 2), 7),
            "linear_warmup", "inner = plateau_decay", "inner.initial_rate = 0.5", "inner.factor = 0.9",
            "inner.max_decays = 5", "inner.patience = 2", "steps = 7"),
        Kind(
            new LogisticModel(784, 10),
            "logistic",
            "features = 784",
            "classes = 10",
            "binarize_bias = false",
            "output_scale = false"),
        Kind(
            new LogisticModel(new LogisticModelOptions { Features = 2, Classes = 3, BinarizeBias = true, OutputScale = 1 }),
            "logistic", "features = 2", "classes = 3", "binarize_bias = true", "output_scale = true"),
        Kind(
            new MultilayerPerceptron(SmallNetwork.Options with
            {
                Activation = Activation.Identity,
                Normalization = Normalization.None,
                InputDropout = 0.2f,
                HiddenDropout = 0.5f,
            }),
            "multilayer_perceptron", "features = 6", "hidden_units = [8, 7]", "classes = 3",
            "activation = identity", "normalization = none", "normalization_epsilon = 0.0001", "normalization_momentum = 0.15",
            "input_dropout = 0.2", "hidden_dropout = 0.5", "seed = 3"),
        Kind(
            new MultilayerPerceptron(SmallNetwork.Options with { HiddenUnits = [] }),
            "multilayer_perceptron", "features = 6", "hidden_units = []", "classes = 3",
            "activation = relu", "normalization = batch", "normalization_epsilon = 0.0001", "normalization_momentum = 0.15",
            "input_dropout = 0", "hidden_dropout = 0", "seed = 3"),
        Kind(
            new Sequential(new FeatureShape(2, 3, 1), -7, [new BinaryDense(4) { HasBias = true }, new Relu()]),
            "sequential", "input = 2x3x1", "seed = -7", "layers = 2", "layer0 = binary_dense", "layer0.outputs = 4",
            "layer0.bound = 1",
            "layer0.bias = true", "layer0.binarizes_bias = false", "layer0.scale = false", "layer1 = relu"),
        Kind(
            new BinaryDense(3) { HasBias = true, BinarizesBias = true, InitialScale = 2 },
            "binary_dense", "outputs = 3", "bound = 1", "bias = true", "binarizes_bias = true", "scale = true"),
        Kind(new BatchNorm(0.5f, 0.25f), "batch_normalization", "epsilon = 0.5", "momentum = 0.25"),
        Kind(new Dropout(0.25f), "dropout", "rate = 0.25"),
        Kind(new Relu(), "relu"),
        Kind(new SignActivation(0.5f), "sign", "passes = 0.5"),
        Kind(new Identity(), "identity"),
        Kind(new LearnedScale(), "learned_scale"),
        Kind(
            new BatchSampler(SmallData.Bytes(23), 4, -9, PartialBatch.Keep),
            "shuffled",
            "batch_size = 4",
            "seed = -9",
            "last_batch = keep"),
        Kind(
            new BatchSampler(SmallData.Bytes(23), 4, 9, PartialBatch.Drop),
            "shuffled",
            "batch_size = 4",
            "seed = 9",
            "last_batch = drop"),
        Kind(new BatchSampler(SmallData.Bytes(23), 4, 9), "shuffled", "batch_size = 4", "seed = 9", "last_batch = wrap"),
        Kind(
            BatchSampler.Replay(SmallData.Bytes(23), 4, new[] { 1, 2 }),
            "replayed", "batch_size = 4", "rows = 2", "fingerprint = 34fb5c825de7ca4a"),
        Kind(
            Dataset.FromFloats(new float[4], new int[2], 2, 3),
            "floats", "rows = 2", "features = 2", "classes = 3", "scale = 1", "shift = 0", "fingerprint = 9d908ecfb6b256de"),
        Kind(
            Dataset.FromBytes(new byte[4], new int[2], 2, 3, 0.5f, -1),
            "bytes", "rows = 2", "features = 2", "classes = 3", "scale = 0.5", "shift = -1", "fingerprint = 15ec7bf0b50732b4"),
    ];

    [TestCaseSource(nameof(Kinds))]
    public void A_kind_is_described_the_same_in_any_culture(object described, string[] lines) =>
        InCulture.Run(() => Assert.That(Described.TextOf(described).Split('\n'), Is.EqualTo(lines)));

    [Test]
    public void Every_public_kind_describes_itself_and_is_held_against_its_text()
    {
        Type[] known = [.. Kinds.Select(kind => kind.Arguments[0]!.GetType()).Distinct()];
        Type[] ours =
        [
            .. typeof(IDescribable).Assembly.GetExportedTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && Doors.Any(door => door.IsAssignableFrom(type))),
        ];

        Assert.That(ours, Has.Length.GreaterThan(12));
        Assert.That(ours.Where(type => !typeof(IDescribable).IsAssignableFrom(type)), Is.Empty);
        Assert.That(ours, Is.SubsetOf(known));
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_kind_is_documented_with_its_settings(object described, string[] lines)
    {
        string description = File.ReadAllText(Repository.PathOf("docs", "file-formats.md"));
        string kind = Regex.Escape(lines[0]["it = ".Length..]);

        foreach (string line in lines[1..].Where(line => !OfPart().IsMatch(line)))
        {
            string key = line["it.".Length..line.IndexOf(' ')];
            Assert.That(description, Does.Match($@"(?m)^\|[^|]*\|[^|]*`{kind}`[^|]*\|.*`{key}`.*\|$"), $"{described}");
        }

        Assert.That(description, Does.Match($@"(?m)^\|[^|]*\|[^|]*`{kind}`[^|]*\|"), $"{described}");
    }

    private static TestCaseData Kind(object described, string kind, params string[] settings) =>
        new TestCaseData(
            described, (string[])[$"it = {kind}", .. settings.Select(setting => $"it.{setting}")]).SetArgDisplayNames(kind);

    // Settings of what stands in another kind have rows of their own.
    [GeneratedRegex(@"^it\.(inner\.|layer\d)")]
    private static partial Regex OfPart();
}
