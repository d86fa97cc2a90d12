using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Inference;

/// <summary>Input scaling, standardization, class names and notes, in files and in packed models.</summary>
internal sealed class ModelFactsTests
{
    private static readonly string[] Names = ["red", "green", "blue"];

    private static IEnumerable<TestCaseData> Damages =>
    [
        Damage("input_scale", "0", "'InputScale' is 0; it must not be, or every feature would be the same."),
        Damage("input_scale", "NaN", "'input_scale' is 'NaN'; it must be a finite number."),
        Damage("input_shift", "much", "'input_shift' is 'much'; it must be a finite number."),
        Damage("class.1", null, "its metadata has 2 names of classes and no 'class.1'; they must count from 0."),
        Damage("class.2", null, "'ClassNames' has length 2; it must have a name for each class, 3."),
        Damage("class.1", "red", "'ClassNames' has 'red' twice; every class must have its own."),
        Damage("class.1", "", "'ClassNames' has no text at 1; it must be a name."),
    ];

    private static IEnumerable<TestCaseData> DamagedTensors =>
    [
        Tensors("no shift", new float[] { 1, 1, 1, 1, 1, 1 }, null, "it has no tensor 'standardization.shift'"),
        Tensors("five", new float[5], new float[5], "'scale' has 0 at 0; it must be finite, and not 0."),
        Tensors("few", [1, 1], [0, 0], "'Standardization' has length 2; it must have the model's feature count, 6."),
        Tensors("lengths", [1, 1], [0], "'shift' has length 1; it must have the length of 'scale', 2."),
        Tensors("NaN", [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, float.NaN], "'shift' has NaN at 5; it must be finite."),
        Tensors("empty", [], [], "'scale' is empty; there must be at least one feature."),
    ];

    [Test]
    public void Facts_come_back_with_the_network_and_without_it()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.safetensors");
        (Sequential network, Dataset raw, Standardization standardization) = Trained();
        ModelFacts facts = ModelFacts.Of(raw, standardization) with { Notes = new Dictionary<string, string> { ["by"] = "me" } };

        network.Save(path, facts);
        Sequential loaded = ModelFile.Load(path, out ModelFacts read);

        Assert.That(SmallNetwork.Bits(loaded), Is.EqualTo(SmallNetwork.Bits(network)));
        foreach (ModelFacts some in new[] { read, ModelFile.InspectFacts(path) })
        {
            Assert.That((some.InputScale, some.InputShift), Is.EqualTo((raw.Scale, raw.Shift)));
            Assert.That(some.ClassNames, Is.EqualTo(Names));
            Assert.That(some.Notes, Is.EqualTo(facts.Notes));
            Assert.That(some.Standardization!.Scale.ToArray(), Is.EqualTo(standardization.Scale.ToArray()));
            Assert.That(some.Standardization.Shift.ToArray(), Is.EqualTo(standardization.Shift.ToArray()));
        }

        Assert.That(ModelFile.Inspect(path)["class.2"], Is.EqualTo("blue"));
        Assert.That(SmallNetwork.Bits(ModelFile.Load(path)), Is.EqualTo(SmallNetwork.Bits(network)));
    }

    [Test]
    public void A_network_saved_without_facts_has_the_usual_ones()
    {
        using var stream = new MemoryStream();
        new LogisticModel(4, 2).Save(stream, new ModelFacts { Notes = new Dictionary<string, string> { ["by"] = "me" } });
        stream.Position = 0;

        ModelFile.Load(stream, out ModelFacts facts);

        Assert.That((facts.InputScale, facts.InputShift, facts.Notes["by"]), Is.EqualTo((1f / 255, 0f, "me")));
        Assert.That(facts.Standardization, Is.Null);
        Assert.That(facts.ClassNames, Is.Null);
    }

    [TestCaseSource(nameof(Damages))]
    public void A_text_that_is_wrong_is_named(string name, string? text, string expected) =>
        Assert.That(
            () => LoadChanged(name, text, [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));

    [TestCaseSource(nameof(DamagedTensors))]
    public void A_standardization_that_is_wrong_is_named(float[] scale, float[]? shift, string expected) =>
        Assert.That(
            () => LoadChanged("", null, scale, shift), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));

    [Test]
    public void Facts_that_do_not_fit_are_refused_before_a_file_is_written()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.safetensors");
        var network = new LogisticModel(4, 2);
        (ModelFacts Facts, string Expected)[] wrong =
        [
            (new() { ClassNames = Names }, "'ClassNames' has length 3; it must have a name for each class, 2."),
            (
                new() { Standardization = new([1], [0]) },
                "'Standardization' has length 1; it must have the model's feature count, 4."),
            (new() { InputScale = 0 }, "'InputScale' is 0; it must not be"),
            (new() { InputShift = float.NaN }, "'InputShift' is NaN; it must be finite."),
        ];

        foreach ((ModelFacts facts, string expected) in wrong)
        {
            Assert.That(
                () => network.Save(path, facts), Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(expected));
            Assert.That(
                () => ModelPacker.Pack(network, facts), Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(expected));
        }

        Assert.That(path, Does.Not.Exist);
    }

    [Test]
    public void A_packed_model_takes_raw_features_and_gives_the_scores_of_standardized_ones()
    {
        (Sequential network, Dataset raw, Standardization standardization) = Trained();
        Dataset standardized = standardization.Apply(raw);
        PackedModel withoutIt = ModelPacker.Pack(network), packed = SavedAndLoaded(
            ModelPacker.Pack(network, ModelFacts.Of(raw, standardization)));

        Assert.That(packed.ClassNames, Is.EqualTo(Names));
        Assert.That(Scores(packed, raw), Is.EqualTo(Scores(withoutIt, standardized)));
        Assert.That(packed.Layers, Has.Count.EqualTo(withoutIt.Layers.Count + 1));
    }

    [Test]
    public void A_packed_model_of_standardized_bytes_takes_bytes_too()
    {
        Dataset raw = SmallData.Bytes(30);
        var standardization = Standardization.Fit(raw);
        var network = new Sequential(new FeatureShape(SmallData.Features), 1, [new BinaryDense(SmallData.Classes)]);
        PackedModel packed = ModelPacker.Pack(network, ModelFacts.Of(raw, standardization));
        float[] ofBytes = new float[30 * SmallData.Classes];

        packed.Scores(raw.ViewRaw(0, 30).ByteRow(0), ofBytes.AsSpan(0, SmallData.Classes));

        float[] ofFloats = Scores(packed, raw);
        for (int k = 0; k < SmallData.Classes; k++) Assert.That(ofBytes[k], Is.EqualTo(ofFloats[k]).Within(1e-5));
    }

    [Test]
    public void Activations_of_a_standardized_model_are_packed_too()
    {
        (Sequential network, Dataset raw, Standardization standardization) = Trained();
        PackedModel packed = ModelPacker.Pack(network, ModelFacts.Of(raw, standardization));

        ActivationPacking result = ModelPacker.PackActivations(packed, raw);

        Assert.That(result.Model.ClassNames, Is.EqualTo(Names));
        Assert.That(result.ChangedClasses, Is.AtMost(raw.Count / 10));
    }

    [Test]
    public void A_standardization_before_batch_normalization_takes_no_layer_of_its_own()
    {
        var network = new Sequential(new FeatureShape(4), 1, [new BatchNorm(), new BinaryDense(2)]);
        var facts = new ModelFacts { Standardization = new Standardization([1, 2, 3, 4], [0, 1, 2, 3]) };

        Assert.That(ModelPacker.Pack(network, facts).Layers, Has.Count.EqualTo(ModelPacker.Pack(network).Layers.Count));
    }

    [Test]
    public void Class_names_of_a_packed_model_must_fit()
    {
        PackedModel packed = ModelPacker.Pack(new LogisticModel(4, 2));

        Assert.That(
            () => new PackedModel(packed.InputShape, 1, 0, packed.Layers, Names),
            Throws.ArgumentException.With.Message.StartsWith(
                "'classNames' has length 3; it must have a name for each class, 2."));
        Assert.That(packed.ClassNames, Is.Null);
    }

    private static (Sequential Network, Dataset Raw, Standardization Standardization) Trained()
    {
        Dataset raw = SmallData.Floats(60).WithClassNames(Names);
        var standardization = Standardization.Fit(raw);
        var network = new Sequential(
            new FeatureShape(SmallData.Features), 1,
            [new BinaryDense(20), new BatchNorm(), new Relu(), new BinaryDense(SmallData.Classes)]);
        new Trainer(new TrainerOptions { BatchSize = 10, MaxSteps = 8, Optimizer = new Adam() })
            .Fit(network, standardization.Apply(raw));
        return (network, raw, standardization);
    }

    // A file of a model of six features and three classes, with one text changed, or left out for null.
    private static void LoadChanged(string name, string? text, float[] scale, float[]? shift)
    {
        using var whole = new MemoryStream();
        new LogisticModel(SmallData.Features, SmallData.Classes).Save(whole, new ModelFacts { ClassNames = Names });
        whole.Position = 0;
        using SafetensorsReader file = SafetensorsReader.Open(whole);
        var writer = new SafetensorsWriter();
        foreach ((string key, string value) in file.Metadata.Where(pair => pair.Key != "checksum"))
        {
            if (key != name || text is not null) writer.AddMetadata(key, key == name ? text! : value);
        }

        foreach (TensorEntry tensor in file.Tensors)
        {
            float[] values = new float[(tensor.End - tensor.Begin) / sizeof(float)];
            file.Read(tensor.Name, tensor.Shape, values.AsSpan());
            writer.Add<float>(tensor.Name, tensor.Shape, values);
        }

        writer.Add<float>("standardization.scale", [scale.Length], scale);
        if (shift is not null) writer.Add<float>("standardization.shift", [shift.Length], shift);
        using var changed = new MemoryStream();
        writer.WriteTo(changed);
        changed.Position = 0;
        ModelFile.Load(changed);
    }

    private static PackedModel SavedAndLoaded(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        return PackedModel.Load(stream);
    }

    private static float[] Scores(PackedModel model, Dataset data)
    {
        float[] features = new float[data.Count * data.FeatureCount], scores = new float[data.Count * data.ClassCount];
        for (int i = 0; i < data.Count; i++) data.CopyRow(i, features.AsSpan(i * data.FeatureCount, data.FeatureCount));
        model.Scores(features, scores);
        return scores;
    }

    private static TestCaseData Damage(string name, string? text, string expected) =>
        new TestCaseData(name, text, expected).SetArgDisplayNames(name, text ?? "left out");

    private static TestCaseData Tensors(string name, float[] scale, float[]? shift, string expected) =>
        new TestCaseData(scale, shift, expected).SetArgDisplayNames(name);
}
