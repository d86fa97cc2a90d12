using System.Numerics.Tensors;
using BinaryConnect.Inference;

namespace BinaryConnect.Onnx.Tests;

/// <summary>ONNX Runtime gives each of the 10,000 test images the class that the library gives it.</summary>
internal sealed class SameClassesTests
{
    // Scores of sums in another order may differ by so much.
    private const float Tie = 1e-5f;

    private static IEnumerable<TestCaseData> Cases =>
        ExportCases.Of(["logistic", "relu", "signs", "bytes", "real"], withBytes: "bytes");

    [TestCaseSource(nameof(Cases))]
    public void Onnx_Runtime_gives_every_test_image_the_same_class(string name, OnnxForm form, OnnxInput input)
    {
        PackedModel model = TrainedModels.Of(name);
        int[] expected = new int[TestImages.Count];
        float[] features = TestImages.Scaled(model.InputScale, model.InputShift);
        if (input == OnnxInput.Bytes) model.Predict(TestImages.Bytes, expected);
        else model.Predict(features, expected);

        using var run = new OnnxRun(model, new OnnxExportOptions { Form = form, Input = input });
        (float[] scores, int[]? classes) = (input, form) switch
        {
            (OnnxInput.Features, _) => run.Run(features, TestImages.Features),
            (_, OnnxForm.Qonnx) => run.Run(TestImages.Scaled(1, 0), TestImages.Features),
            _ => run.Run(TestImages.Bytes, TestImages.Features),
        };

        int[] best = BestOf(scores);
        Assert.That(classes, form == OnnxForm.Qonnx ? Is.Null : Is.EqualTo(best));
        Assert.That(expected.Distinct().Count(), Is.EqualTo(TestImages.Classes));
        Assert.That(DifferencesBeyondTies(best, expected, scores), Is.Empty);
    }

    // Images with another class. Those whose two best scores are a tie are named and passed.
    private static List<string> DifferencesBeyondTies(int[] classes, int[] expected, float[] scores)
    {
        var differences = new List<string>();
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] == expected[i]) continue;
            float[] sorted = scores[(i * TestImages.Classes)..((i + 1) * TestImages.Classes)];
            Array.Sort(sorted);
            float gap = sorted[^1] - sorted[^2];
            string text = $"image {i}: {classes[i]}, and not {expected[i]}; the two best scores differ by {gap}";
            if (gap > Tie) differences.Add(text);
            else TestContext.Out.WriteLine(text);
        }

        return differences;
    }

    private static int[] BestOf(float[] scores)
    {
        int[] classes = new int[scores.Length / TestImages.Classes];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = TensorPrimitives.IndexOfMax<float>(scores.AsSpan(i * TestImages.Classes, TestImages.Classes));
        return classes;
    }
}
