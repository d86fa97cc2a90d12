using BinaryConnect.Data;
using BinaryConnect.Models;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// Evaluations with accuracies given in tenths: ten rows of class 0, and a model that is right on the wanted number of
/// rows.
/// </summary>
internal static class GivenAccuracy
{
    private const int Rows = 10;

    public static Dataset Data { get; } = Dataset.FromFloats(new float[Rows], new int[Rows], 1, 2);

    /// <summary>
    /// A model that takes the next accuracy at each evaluation. A batch of ten rows is an evaluation; training batches
    /// must be smaller. With a gradient of −1 its one weight grows by the rate each step.
    /// </summary>
    public static StubModel Model(params double[] accuracies)
    {
        var weight = new Parameter("weight", 1, 1, isWeight: true, isBinarized: true);
        weight.Gradient.Fill(-1);
        int evaluation = 0;
        return new StubModel(1, 2, weight)
        {
            OnForward = logits =>
            {
                if (logits.Length != Rows * 2) return;
                int correct = (int)Math.Round(accuracies[evaluation++] * Rows);
                for (int i = correct; i < Rows; i++) logits[i * 2 + 1] = 1;
            },
        };
    }
}
