using System.Text;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Export;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Inference.Export;

/// <summary>Compiled C source gives all images of MNIST's test set the classes of the library.</summary>
internal sealed class CSourceCompilerTests
{
    // Sums of floats are added in another order in C.
    private const float NearTie = 1e-5f;

    // Prints the class of each row of the file "rows".
    private const string Program = """
        #include <stdio.h>
        #include "digits.h"
        int main(void)
        {
            static TYPE x[DIGITS_INPUTS];
            FILE *rows = fopen("rows", "rb");
            if (rows == NULL || digits_test() != 0) return 1;
            while (fread(x, sizeof x, 1, rows) == 1) printf("%d\n", digits_predict(x));
            return fclose(rows);
        }

        """;

    private static readonly string[] Sanitizers = ["-O1", "-fsanitize=undefined,address", "-fno-sanitize-recover=all"];

    private static readonly Dictionary<string, Lazy<PackedModel>> Models = new()
    {
        ["logistic"] = new(() => Train(new LogisticModel(784, 10, seed: 1))),
        ["floats"] = new(() => Train(Network(784, [48, 32]))),
        ["bytes"] = new(() => WithBytes(Models!["floats"].Value)),
        ["bits"] = new(() => Train(Network(784, [48, 32], Activation.Sign))),
        ["few inputs, floats"] = new(() => Train(Network(49, [13, 7]))),
        ["few inputs, bytes"] = new(() => WithBytes(Models!["few inputs, floats"].Value)),
        ["few inputs, bits"] = new(() => Train(Network(49, [13, 7], Activation.Sign))),
        ["real weights"] = new(() => ModelPacker.Pack(Network(49, [13, 7]), binarizer: new IdentityBinarizer())),
        ["standardized"] = new(() => Standardized(Network(49, [13, 7], Activation.Sign))),
    };

    // Each model once; every second one by tables, and every third one from floats.
    private static IEnumerable<TestCaseData> Cases => Models.Keys.Select((name, i) => new TestCaseData(
        name, i % 2 == 0 ? CInnerLoop.SumTables : CInnerLoop.SmallestCode, i % 3 == 2 ? CInput.Floats : CInput.Bytes));

    [TestCase("logistic", CInnerLoop.SumTables)]
    [TestCase("logistic", CInnerLoop.SmallestCode)]
    [TestCase("bytes", CInnerLoop.SumTables)]
    public void All_classes_are_those_of_the_library(string model, CInnerLoop loop)
    {
        CCompiler.Require("gcc", "gcc libc6-dev");
        AssertClasses(model, loop, CInput.Bytes, "gcc", "-O2");
    }

    [Explicit("It compiles many programs.")]
    [Category("Slow")]
    [TestCaseSource(nameof(Cases))]
    public void Other_models_have_them_without_undefined_behaviour(string model, CInnerLoop loop, CInput input)
    {
        CCompiler.Require("clang", "clang libclang-rt-14-dev", Sanitizers);
        AssertClasses(model, loop, input, "clang", Sanitizers);
    }

    [Explicit("It compiles many programs.")]
    [Category("Slow")]
    [TestCase("floats", CInnerLoop.SumTables)]
    [TestCase("few inputs, bytes", CInnerLoop.SmallestCode)]
    [TestCase("bits", CInnerLoop.SumTables)]
    public void Words_may_have_32_bits(string model, CInnerLoop loop)
    {
        CCompiler.Require("gcc", "gcc-12-multilib", "-m32");
        AssertClasses(model, loop, CInput.Bytes, "gcc", "-O2", "-m32");
    }

    // Rows of the test set, or their middle parts.
    private static Dataset Rows(Dataset images, int features)
    {
        byte[] bytes = new byte[images.Count * features];
        float[] row = new float[784];
        for (int i = 0; i < images.Count; i++)
        {
            images.CopyRow(i, row);
            for (int j = 0; j < features; j++)
                bytes[i * features + j] = (byte)MathF.Round(255 * row[features == 784 ? j : 14 * 28 + 4 * j - 96]);
        }

        return Dataset.FromBytes(bytes, images.Labels.ToArray(), features, 10);
    }

    private static void AssertClasses(string name, CInnerLoop loop, CInput input, string compiler, params string[] options)
    {
        using var folder = new TemporaryFolder();
        PackedModel model = Models[name].Value;
        Dataset test = Rows(MnistData.Tutorial.Test, model.FeatureCount);
        CSourceExporter.Write(
            model, folder.Path, new CSourceOptions { InnerLoop = loop, Input = input, TestData = test });
        float[] scores = new float[test.Count * 10], floats = new float[test.Count * test.FeatureCount];
        byte[] bytes = test.Bytes.ToArray();
        for (int i = 0; i < test.Count; i++) test.CopyRow(i, floats.AsSpan(i * test.FeatureCount, test.FeatureCount));
        if (input == CInput.Bytes) model.Scores(bytes, scores);
        else model.Scores(floats, scores);
        folder.Write("rows", input == CInput.Bytes
            ? bytes : System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(floats).ToArray());
        string type = input == CInput.Bytes ? "uint8_t" : "float";
        folder.Write("program.c", Encoding.UTF8.GetBytes(Program.Replace("TYPE", type, StringComparison.Ordinal)));

        string[] files = ["-DDIGITS_NO_MAIN", "digits.c", "digits_test.c", "program.c", "-o", "program"];
        Command.Succeed(folder.Path, compiler, [.. CCompiler.Strict, .. options, .. files]);
        string[] classes = Command.Succeed(folder.Path, folder.PathOf("program")).Split('\n');

        Assert.That(classes, Has.Length.EqualTo(test.Count + 1));
        var wrong = new List<string>();
        for (int i = 0; i < test.Count; i++)
        {
            float[] row = scores[(i * 10)..(i * 10 + 10)], sorted = [.. row.OrderDescending()];
            int best = Array.IndexOf(row, sorted[0]);
            if (classes[i] == $"{best}") continue;
            string fault = $"image {i}: {classes[i]}, and not {best}, by {sorted[0] - sorted[1]}";
            if (sorted[0] - sorted[1] > NearTie) wrong.Add(fault);
            else TestContext.Out.WriteLine(fault);
        }

        Assert.That(wrong, Is.Empty);
    }

    private static MultilayerPerceptron Network(int features, int[] hidden, Activation activation = Activation.Relu) =>
        new(new MultilayerPerceptronOptions
        {
            Features = features,
            HiddenUnits = hidden,
            Classes = 10,
            Activation = activation,
            InitialRange = 1,
            Seed = 1,
        });

    private static PackedModel Train(Sequential model)
    {
        var options = new TrainerOptions { MaxSteps = 100, Optimizer = new Adam() };
        Dataset data = Rows(MnistData.Tutorial.Train.Take(10_000), model.FeatureCount);
        new Trainer(options).Fit(model, data, data);
        return ModelPacker.Pack(model);
    }

    private static PackedModel WithBytes(PackedModel model) =>
        ModelPacker.PackActivations(model, Rows(MnistData.Tutorial.Validation, model.FeatureCount)).Model;

    // A layer without weights before the others.
    private static PackedModel Standardized(Sequential model)
    {
        float[] scale = Numbers.Uniform(1, model.FeatureCount, 0.5f, 2), shift = Numbers.Uniform(2, model.FeatureCount, -1, 0);
        return ModelPacker.Pack(model, new ModelFacts { Standardization = new Standardization(scale, shift) });
    }
}
