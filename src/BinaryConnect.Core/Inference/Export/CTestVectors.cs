using System.Numerics.Tensors;
using BinaryConnect.Data;

namespace BinaryConnect.Inference.Export;

/// <summary>Rows and their classes for the test of C source.</summary>
/// <param name="Type">The type of a value.</param>
/// <param name="Count">The number of rows.</param>
/// <param name="Constants">The definitions of <c>vectors</c> and <c>classes</c>.</param>
internal sealed record CTestVectors(string Type, int Count, string Constants)
{
    private const int Tries = 10, Seed = 1;

    // Floats are added in another order in C, so that scores may differ in their last bits.
    private const float NearTie = 1e-5f;

    /// <summary>
    /// The first rows of a data set, or rows at random. A row whose two best scores nearly tie is left out.
    /// </summary>
    public static CTestVectors Of(PackedModel model, CInput input, Dataset? data, int count)
    {
        var bytes = new List<byte>();
        var floats = new List<float>();
        var classes = new List<long>();
        var random = new Random(Seed);
        float[] scores = new float[model.ClassCount], row = new float[model.FeatureCount];
        byte[] pixels = new byte[row.Length];
        int rows = data?.Count ?? Tries * count;
        for (int i = 0; i < rows && classes.Count < count; i++)
        {
            if (input == CInput.Bytes)
            {
                if (data is null) random.NextBytes(pixels);
                else data.Bytes.Slice(i * pixels.Length, pixels.Length).CopyTo(pixels);
                model.Scores(pixels, scores);
            }
            else
            {
                if (data is null) row = Array.ConvertAll(row, _ => 2 * random.NextSingle() - 1);
                else data.CopyRow(i, row);
                model.Scores(row, scores);
            }

            int best = TensorPrimitives.IndexOfMax<float>(scores);
            bool isNearTie = scores.Where((score, k) => k != best && scores[best] - score <= NearTie).Any();

            // A model all of whose rows tie has one vector.
            if (isNearTie && (i < rows - 1 || classes.Count > 0)) continue;
            classes.Add(best);
            if (input == CInput.Bytes) bytes.AddRange(pixels);
            else floats.AddRange(row);
        }

        var constants = new CArrays();
        if (input == CInput.Bytes) constants.Add("vectors", bytes.ToArray());
        else constants.Add("vectors", floats.ToArray());
        constants.Add("classes", "int16_t", sizeof(short), classes.ToArray());
        return new CTestVectors(CArrays.TypeOf(input), classes.Count, constants.ToString());
    }
}
