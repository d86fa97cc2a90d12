
namespace BinaryConnect.Tests.Support;

/// <summary>
/// Softmax regression in float64, by plain loops that follow the formulas. Weights are [classes, features].
/// </summary>
internal static class ReferenceLogistic
{
    public static double[] Logits(float[] features, double[] weights, double[] bias, double scale = 1)
    {
        int classes = bias.Length, inner = weights.Length / classes, rows = features.Length / inner;
        double[] logits = new double[rows * classes];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                double sum = 0;
                for (int j = 0; j < inner; j++) sum += features[i * inner + j] * weights[k * inner + j];
                logits[i * classes + k] = scale * sum + bias[k];
            }
        }

        return logits;
    }

    public static double[] Softmax(double[] logits, int classes)
    {
        double[] result = new double[logits.Length];
        for (int i = 0; i < logits.Length; i += classes)
        {
            double maximum = logits.Skip(i).Take(classes).Max();
            double sum = logits.Skip(i).Take(classes).Sum(value => Math.Exp(value - maximum));
            for (int k = i; k < i + classes; k++) result[k] = Math.Exp(logits[k] - maximum) / sum;
        }

        return result;
    }

    public static double Loss(double[] logits, int[] labels)
    {
        int classes = logits.Length / labels.Length;
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double[] row = [.. logits.Skip(i * classes).Take(classes)];
            double maximum = row.Max();
            loss += maximum + Math.Log(row.Sum(value => Math.Exp(value - maximum))) - row[labels[i]];
        }

        return loss / labels.Length;
    }

    public static double[] LogitsGradient(double[] probabilities, int[] labels)
    {
        int classes = probabilities.Length / labels.Length;
        double[] gradient = new double[probabilities.Length];
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = (probabilities[i] - (labels[i / classes] == i % classes ? 1 : 0)) / labels.Length;
        return gradient;
    }

    public static double[] WeightGradient(float[] features, double[] logitsGradient, int classes)
    {
        int rows = logitsGradient.Length / classes, inner = features.Length / rows;
        double[] gradient = new double[classes * inner];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                for (int j = 0; j < inner; j++)
                    gradient[k * inner + j] += logitsGradient[i * classes + k] * features[i * inner + j];
            }
        }

        return gradient;
    }

    public static double[] BiasGradient(double[] logitsGradient, int classes)
    {
        double[] gradient = new double[classes];
        for (int i = 0; i < logitsGradient.Length; i++) gradient[i % classes] += logitsGradient[i];
        return gradient;
    }
}
