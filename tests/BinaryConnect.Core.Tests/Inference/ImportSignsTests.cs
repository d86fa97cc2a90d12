using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Import;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Inference;

/// <summary>Weights of others in safetensors files, and all that is refused about them.</summary>
internal sealed class ImportSignsTests
{
    private const int Inputs = 3, Hidden = 2, Classes = 4;

    private static readonly float[] First = [1, -1, 1, -1, -1, 1], Second = [1, 1, -1, 1, 1, -1, -1, -1];
    private static readonly ImportedNormalization Norm = new("bn.mean", "bn.var");

    private TemporaryFolder _folder = null!;

    private string File => _folder.PathOf("weights.safetensors");

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void A_layer_computes_what_its_tensors_say()
    {
        Write(
            ("fc.weight", [Hidden, Inputs], First), ("fc.bias", [Hidden], [0.5f, -0.25f]),
            ("bn.mean", [Hidden], [1, 2]), ("bn.var", [Hidden], [0.25f, 3.99f]), ("bn.weight", [Hidden], [2, -1]),
            ("bn.bias", [Hidden], [0.125f, 3]), ("alpha", [Hidden, 1], [3, 0.5f]), ("beta", [], [10]));
        PackedModel model = ModelFile.ImportSigns(File,
        [
            new ImportedLayer("fc.weight")
            {
                Bias = "fc.bias",
                Normalization = Norm with { Gamma = "bn.weight", Beta = "bn.bias", Epsilon = 0.01f },
                Scale = "alpha",
                Shift = "beta",
            },
        ]);
        float[] x = [0.5f, 2, -3], scores = new float[Hidden];
        double[] z = [0.5 - 2 - 3 + 0.5, -0.5 - 2 - 3 - 0.25];

        model.Scores(x, scores);

        Assert.That(scores[0], Is.EqualTo(3 * (2 * (z[0] - 1) / Math.Sqrt(0.26) + 0.125) + 10).Within(1e-4));
        Assert.That(scores[1], Is.EqualTo(0.5 * (-(z[1] - 2) / 2 + 3) + 10).Within(1e-4));
        Assert.That(model.Layers, Has.Count.EqualTo(1));
        Assert.That(model.Layers[0].SignBits.ToArray(), Is.EqualTo(new byte[] { 0b101, 0b100 }));
    }

    [Test]
    public void Both_orders_of_a_matrix_give_the_same_model()
    {
        Write(
            ("a", [Hidden, Inputs], First), ("a.t", [Inputs, Hidden], Transposed(First, Inputs)),
            ("b", [Classes, Hidden], Second), ("b.t", [Hidden, Classes], Transposed(Second, Hidden)));
        PackedModel one = ModelFile.ImportSigns(File, [Hide("a"), new ImportedLayer("b")]);
        PackedModel other = ModelFile.ImportSigns(
            File, [Hide("a.t") with { InputsFirst = true }, new ImportedLayer("b.t") { InputsFirst = true }]);

        Assert.That(Bytes(other), Is.EqualTo(Bytes(one)));
        Assert.That(one.ActivationBits, Is.EqualTo(1));
        Assert.That((one.FeatureCount, one.ClassCount), Is.EqualTo((Inputs, Classes)));
    }

    [TestCase(typeof(double))]
    [TestCase(typeof(Half))]
    [TestCase(typeof(long))]
    [TestCase(typeof(int))]
    [TestCase(typeof(sbyte))]
    public void Signs_of_every_type_are_read(Type type)
    {
        Write(("a", [Hidden, Inputs], First));
        byte[] expected = Bytes(ModelFile.ImportSigns(File, [new ImportedLayer("a")]));
        var writer = new SafetensorsWriter();
        if (type == typeof(double)) writer.Add<double>("a", [Hidden, Inputs], Array.ConvertAll(First, value => (double)value));
        else if (type == typeof(Half)) writer.Add<Half>("a", [Hidden, Inputs], Array.ConvertAll(First, value => (Half)value));
        else if (type == typeof(long)) writer.Add<long>("a", [Hidden, Inputs], Array.ConvertAll(First, value => (long)value));
        else if (type == typeof(int)) writer.Add<int>("a", [Hidden, Inputs], Array.ConvertAll(First, value => (int)value));
        else writer.Add<sbyte>("a", [Hidden, Inputs], Array.ConvertAll(First, value => (sbyte)value));
        AtomicFile.Write(File, writer.WriteTo);

        Assert.That(Bytes(ModelFile.ImportSigns(File, [new ImportedLayer("a")])), Is.EqualTo(expected));
    }

    [Test]
    public void A_bound_is_a_factor_and_latent_weights_give_their_signs_and_real_ones_stay()
    {
        Write(
            ("bound", [Hidden, Inputs], [.. First.Select(value => value * 0.25f)]),
            ("latent", [Hidden, Inputs], [0.3f, -0.1f, 0, -7, -1e-9f, float.PositiveInfinity]),
            ("real", [Hidden, Inputs], [0.5f, -0.25f, 1, 2, 4, -8]));
        PackedLayer Layer(string name, ImportedWeights kind) =>
            ModelFile.ImportSigns(File, [new ImportedLayer(name) { Kind = kind }]).Layers[0];
        PackedLayer bound = Layer("bound", ImportedWeights.Signs), latent = Layer("latent", ImportedWeights.LatentSigns);

        Assert.That(bound.Scale.ToArray(), Is.All.EqualTo(0.25f));
        Assert.That(latent.SignBits.ToArray(), Is.EqualTo(bound.SignBits.ToArray()));
        Assert.That(latent.Scale.ToArray(), Is.All.EqualTo(1));
        Assert.That(
            Layer("real", ImportedWeights.Real).Weights.ToArray(), Is.EqualTo(new[] { 0.5f, -0.25f, 1, 2, 4, -8 }));
    }

    [Test]
    public void Facts_scale_bytes_standardize_features_and_name_classes()
    {
        Write(("a", [Hidden, Inputs], First));
        string[] names = ["yes", "no"];
        var facts = new ModelFacts
        {
            InputScale = 0.5f,
            InputShift = -1,
            Standardization = new Standardization([1, 2, 3], [0, 0, 1]),
            ClassNames = names,
        };
        PackedModel model = ModelFile.ImportSigns(File, [new ImportedLayer("a")], facts);
        float[] scores = new float[Hidden];
        model.Scores(new byte[] { 2, 4, 6 }, scores);

        Assert.That(scores, Is.EqualTo(new float[] { 0 - 2 + 7, -0 - 2 + 7 }));
        Assert.That(model.ClassNames, Is.EqualTo(names));
        Assert.That(
            () => ModelFile.ImportSigns(File, [new ImportedLayer("a")], facts with { ClassNames = ["one"] }),
            Throws.ArgumentException.With.Message.StartsWith(
                "'ClassNames' has length 1; it must have a name for each class, 2."));
    }

    [TestCase("0.5", "tensor 'a' has 0.5 at [1, 1]; it must be +1 or −1, as those before. "
        + "'LatentSigns' takes the signs of real weights.")]
    [TestCase("0", "tensor 'a' has 0 at [1, 1]; it must be +1 or −1, as those before. "
        + "'LatentSigns' takes the signs of real weights.")]
    [TestCase("NaN", "tensor 'a' has NaN at [1, 1]; it must be +1 or −1, as those before. "
        + "'LatentSigns' takes the signs of real weights.")]
    public void A_value_that_is_no_sign_is_refused_with_its_index(string value, string fault)
    {
        float[] values = [.. First];
        values[4] = float.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
        Write(("a", [Hidden, Inputs], values));

        AssertRefused(fault, new ImportedLayer("a"));
    }

    [TestCase(0f, "0")]
    [TestCase(float.PositiveInfinity, "Infinity")]
    public void The_first_value_must_be_a_sign_too(float value, string text)
    {
        Write(("a", [Inputs, Hidden], [value, 1, 1, 1, 1, 1]));

        AssertRefused(
            $"tensor 'a' has {text} at [0, 0]; it must be +H or −H, H being above 0. "
            + "'LatentSigns' takes the signs of real weights.",
            new ImportedLayer("a") { InputsFirst = true });
    }

    [Test]
    public void An_index_is_that_of_the_file()
    {
        Write(("a", [Inputs, Hidden], [1, 1, 1, 1, 1, 3]));

        AssertRefused(
            "tensor 'a' has 3 at [2, 1]; it must be +1 or −1, as those before. 'LatentSigns' takes the signs of real weights.",
            new ImportedLayer("a") { InputsFirst = true });
    }

    [Test]
    public void Numbers_that_are_none_are_refused()
    {
        Write(
            ("a", [Hidden, Inputs], [1, 1, float.NaN, 1, 1, 1]), ("good", [Hidden, Inputs], First),
            ("v", [Hidden], [1, float.NegativeInfinity]), ("bn.mean", [Hidden], [0, 0]), ("bn.var", [Hidden], [1, -2]),
            ("zero", [Hidden], [1, 0]));

        AssertRefused(
            "tensor 'a' has NaN at [0, 2]; it must be a number.", new ImportedLayer("a") { Kind = ImportedWeights.LatentSigns });
        AssertRefused(
            "tensor 'a' has NaN at [0, 2]; it must be finite.", new ImportedLayer("a") { Kind = ImportedWeights.Real });
        AssertRefused(
            "tensor 'v' has -Infinity at [1]; all must be finite.", new ImportedLayer("good") { Bias = "v" });
        AssertRefused(
            "tensor 'bn.var' has -2 at [1]; a variance must be at least 0, and above 0 where epsilon is 0.",
            new ImportedLayer("good") { Normalization = Norm });
        AssertRefused(
            "tensor 'zero' has 0 at [1]; a variance must be at least 0, and above 0 where epsilon is 0.",
            new ImportedLayer("good") { Normalization = new ImportedNormalization("bn.mean", "zero") { Epsilon = 0 } });
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused_with_those_expected()
    {
        Write(
            ("a", [Hidden, Inputs], First), ("b", [Classes, Hidden], Second), ("b.t", [Hidden, Classes], Second),
            ("cube", [2, 2, 2], Second), ("list", [8], Second), ("none", [0, 3], []), ("two", [2], [1, 1]),
            ("square", [2, 2], [1, 1, 1, 1]), ("one", [1], [1]));

        AssertRefused(
            "tensor 'cube' has shape [2, 2, 2]; it must be [outputs, inputs], each from 1 to 67,108,864, "
            + "and have at most 1,073,741,824 values.",
            new ImportedLayer("cube"));
        AssertRefused(
            "tensor 'list' has shape [8]; it must be [inputs, outputs], each from 1 to 67,108,864, "
            + "and have at most 1,073,741,824 values.",
            new ImportedLayer("list") { InputsFirst = true });
        AssertRefused(
            "tensor 'none' has shape [0, 3]; it must be [outputs, inputs], each from 1 to 67,108,864, "
            + "and have at most 1,073,741,824 values.",
            new ImportedLayer("none"));
        AssertRefused(
            "tensor 'b.t' has shape [2, 4]; it must be [outputs, inputs] with 2 inputs, as many as 'a' has outputs; "
            + "is it transposed?",
            Hide("a"), new ImportedLayer("b.t"));
        AssertRefused(
            "tensor 'a' has shape [2, 3]; it must be [outputs, inputs] with 4 inputs, as many as 'b' has outputs.",
            Hide("b"), new ImportedLayer("a"));
        AssertRefused(
            "tensor 'two' has shape [2]; it must be [4], as 'b' has 4 outputs.", new ImportedLayer("b") { Bias = "two" });
        AssertRefused(
            "tensor 'one' has shape [1]; it must be [4], as 'b' has 4 outputs.", new ImportedLayer("b") { Bias = "one" });
        AssertRefused(
            "tensor 'square' has shape [2, 2]; it must be [2] or [1], as 'a' has 2 outputs.",
            new ImportedLayer("a") { Scale = "square" });
        AssertRefused(
            "it has no tensor 'c'; its tensors are 'a', 'b', 'b.t', 'cube', 'list', 'none', 'one', 'square', 'two'.",
            new ImportedLayer("c"));
    }

    [Test]
    public void Arguments_that_say_nothing_are_refused_before_the_file_is_read()
    {
        void Refuses(string message, params ImportedLayer[] layers) => Assert.That(
            () => ModelFile.ImportSigns("no file", layers), Throws.ArgumentException.With.Message.StartsWith(message));

        Refuses("'layers' has no layer; it must have at least 1.");
        Refuses("'layers' has no name of weights at 1; it must have one.", new ImportedLayer("a"), null!);
        Refuses("'layers' has no name of weights at 0; it must have one.", new ImportedLayer(""));
        Refuses(
            "Layer 'a' has kind 7 and activation Identity; both must be values of their enumerations.",
            new ImportedLayer("a") { Kind = (ImportedWeights)7 });
        Refuses(
            "The normalization of 'a' lacks a name; it must have one for its mean and one for its variance.",
            new ImportedLayer("a") { Normalization = new ImportedNormalization("m", "") });
        Refuses(
            "The normalization of 'a' has an epsilon of NaN; it must be finite and at least 0.",
            new ImportedLayer("a") { Normalization = Norm with { Epsilon = float.NaN } });
        Assert.That(() => ModelFile.ImportSigns("", [new ImportedLayer("a")]), Throws.ArgumentException);
        Assert.That(() => ModelFile.ImportSigns("no file", null!), Throws.ArgumentNullException);
        Assert.That(
            () => ModelFile.ImportSigns("no file", [new ImportedLayer("a")]), Throws.TypeOf<FileNotFoundException>());
    }

    private static ImportedLayer Hide(string weights) => new(weights) { Activation = Activation.Sign };

    private static float[] Transposed(float[] values, int columns) =>
        [.. Enumerable.Range(0, columns).SelectMany(k => values.Where((_, i) => i % columns == k))];

    private static byte[] Bytes(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private void AssertRefused(string fault, params ImportedLayer[] layers) => Assert.That(
        () => ModelFile.ImportSigns(File, layers),
        Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{File}: {fault}"));

    private void Write(params (string Name, long[] Shape, float[] Values)[] tensors)
    {
        var writer = new SafetensorsWriter();
        foreach ((string name, long[] shape, float[] values) in tensors) writer.Add<float>(name, shape, values);
        AtomicFile.Write(File, writer.WriteTo);
    }
}
