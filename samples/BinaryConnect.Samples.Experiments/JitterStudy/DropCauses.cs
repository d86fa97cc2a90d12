using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>The parts of a fall of accuracy: flips alone, biases alone, and images that changed their class.</summary>
/// <param name="FlipsAlone">The accuracy with the new signs and the old biases.</param>
/// <param name="BiasesAlone">The accuracy with the old signs and the new biases.</param>
/// <param name="Gained">The number of test images that each class gained, less those that it lost.</param>
/// <param name="Changed">The number of test images that changed their class.</param>
/// <param name="Margin">The median over test images of the best score less the second, before the step.</param>
internal sealed record DropCauses(double FlipsAlone, double BiasesAlone, int[] Gained, int Changed, double Margin)
{
    /// <summary>Measures the causes on the test set.</summary>
    public static DropCauses Of(JitterDrop drop, LogisticModel model, TrainerOptions options, Dataset test)
    {
        var trainer = new Trainer(options);
        double flipsAlone = Accuracy(drop.After.Weights, drop.Before.Bias);
        double biasesAlone = Accuracy(drop.Before.Weights, drop.After.Bias);
        int[] before = Classes(drop.Before), after = Classes(drop.After);
        int[] gained = [.. Enumerable.Range(0, test.ClassCount).Select(
            label => after.Count(predicted => predicted == label) - before.Count(predicted => predicted == label))];
        int changed = before.Zip(after).Count(pair => pair.First != pair.Second);
        return new DropCauses(flipsAlone, biasesAlone, gained, changed, MarginOf(drop.Before, test));

        double Accuracy(float[] weights, float[] bias)
        {
            Set(weights, bias);
            return trainer.Evaluate(model, test).Accuracy;
        }

        int[] Classes(ModelState state)
        {
            Set(state.Weights, state.Bias);
            var classes = new int[test.Count];
            model.Predict(test, classes);
            return classes;
        }

        void Set(float[] weights, float[] bias)
        {
            weights.CopyTo(model.Weights.Latent);
            bias.CopyTo(model.Bias.Latent);
            model.Binarize(new DeterministicBinarizer());
        }
    }

    private static double MarginOf(ModelState state, Dataset test)
    {
        float[] signs = [.. state.Weights.Select(weight => weight >= 0 ? 1f : -1f)], image = new float[test.FeatureCount];
        float[] scores = new float[test.ClassCount];
        var margins = new double[test.Count];
        for (int row = 0; row < margins.Length; row++)
        {
            test.CopyRow(row, image);
            LogisticModel.Logits(image, signs, state.Bias, scores);
            Array.Sort(scores);
            margins[row] = scores[^1] - scores[^2];
        }

        Array.Sort(margins);
        return margins[margins.Length / 2];
    }
}
