using BinaryConnect.Inference;

namespace BinaryConnect.Onnx.Tests;

/// <summary>Layers of every kind have the scores of the library in ONNX Runtime.</summary>
internal sealed class SameScoresTests
{
    private const int Inputs = 13, Rows = 50;

    // Sums of at most 30 products, each at most 2.
    private const float Tolerance = 1e-5f;

    private static readonly string[] Kinds =
    [
        "signs", "real", "no product", "nothing", "standardization", "both limits", "a high limit", "a low limit", "sign outputs",
        "sign scores", "signs into real", "bytes with a shift",
    ];

    private static IEnumerable<TestCaseData> Cases => ExportCases.Of(Kinds, withBytes: "bytes with a shift");

    [TestCaseSource(nameof(Cases))]
    public void Scores_are_those_of_the_library_but_for_their_last_bits(string kind, OnnxForm form, OnnxInput input)
    {
        var random = new Random(7);
        PackedModel model = SmallModels.Of(LayersOf(kind, random));
        byte[] bytes = new byte[Rows * Inputs];
        random.NextBytes(bytes);
        float[] features = Array.ConvertAll(bytes, value => value * model.InputScale + model.InputShift);
        float[] expected = new float[Rows * model.ClassCount];
        if (input == OnnxInput.Bytes) model.Scores(bytes, expected);
        else model.Scores(features, expected);

        using var run = new OnnxRun(model, new OnnxExportOptions { Form = form, Input = input });
        float[] scores = (input, form) switch
        {
            (OnnxInput.Features, _) => run.Run(features, Inputs).Scores,
            (_, OnnxForm.Qonnx) => run.Run(Array.ConvertAll(bytes, value => (float)value), Inputs).Scores,
            _ => run.Run(bytes, Inputs).Scores,
        };

        Assert.That(scores, Is.EqualTo(expected).Within(Tolerance));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(1));
    }

    [TestCaseSource(nameof(Forms))]
    public void The_sign_of_0_is_1(OnnxForm form)
    {
        PackedLayer layer = SmallModels.Signs(2, 1, new Random(1)) with { SignBits = new byte[] { 1 }, HasSignOutput = true };
        PackedModel model = SmallModels.Of(layer with { Scale = new float[] { 1 }, Offset = new float[] { 0 } });
        using var run = new OnnxRun(model, new OnnxExportOptions { Form = form, Input = OnnxInput.Features });

        Assert.That(run.Run([5f, 5f, 5f, 6f, 6f, 5f], 2).Scores, Is.EqualTo(new float[] { 1, -1, 1 }));
    }

    [TestCaseSource(nameof(Forms))]
    public void Any_number_of_rows_goes_in(OnnxForm form)
    {
        var random = new Random(3);
        PackedModel model = SmallModels.Of(SmallModels.Signs(Inputs, 20, random, low: 0), SmallModels.Signs(20, 3, random));
        using var run = new OnnxRun(model, new OnnxExportOptions { Form = form, Input = OnnxInput.Features });
        foreach (int rows in new[] { 1, 2, 33 })
        {
            float[] features = SmallModels.Values(rows * Inputs, random), expected = new float[rows * 3];
            model.Scores(features, expected);
            Assert.That(run.Run(features, Inputs).Scores, Is.EqualTo(expected).Within(Tolerance));
        }
    }

    private static OnnxForm[] Forms => Enum.GetValues<OnnxForm>();

    private static PackedLayer[] LayersOf(string kind, Random random)
    {
        PackedLayer first = SmallModels.Signs(Inputs, 30, random), last = SmallModels.Signs(30, 4, random);
        PackedLayer affine = SmallModels.Affine(Inputs, random);
        float[] ones = [.. Enumerable.Repeat(1f, Inputs)];
        return kind switch
        {
            "signs" => [first],
            "real" => [SmallModels.Real(Inputs, 5, random)],
            "no product" => [affine],
            "nothing" => [affine with { Scale = ones, Offset = new float[Inputs] }],
            "standardization" => [affine, first, last],
            "both limits" => [first with { Low = -1, High = 0.5f }, last],
            "a high limit" => [first with { High = 0.5f }, last],
            "a low limit" => [first with { Low = 0.25f }, last],
            "sign outputs" => [first with { HasSignOutput = true }, last],
            "sign scores" => [first with { HasSignOutput = true }],
            "signs into real" => [first with { HasSignOutput = true }, SmallModels.Real(30, 4, random)],
            "bytes with a shift" => [first, last with { InputBytes = new ByteScaling(0.125f, -16) }],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
