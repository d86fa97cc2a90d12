namespace BinaryConnect.Tests.Support;

/// <summary>Squared hinge in float64, by plain loops that follow the formulas.</summary>
internal static class ReferenceSquaredHinge
{
    public static double Loss(double[] logits, int[] labels, bool meanOverClasses = false)
    {
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double violation = Math.Max(0, 1 - Target(i, logits.Length, labels) * logits[i]);
            sum += violation * violation;
        }

        return sum / (meanOverClasses ? logits.Length : labels.Length);
    }

    public static double[] LogitsGradient(double[] logits, int[] labels, bool meanOverClasses = false)
    {
        double[] gradient = new double[logits.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            double target = Target(i, logits.Length, labels);
            gradient[i] = -2 * target * Math.Max(0, 1 - target * logits[i]) / (meanOverClasses ? logits.Length : labels.Length);
        }

        return gradient;
    }

    private static double Target(int index, int length, int[] labels)
    {
        int classes = length / labels.Length;
        return labels[index / classes] == index % classes ? 1 : -1;
    }
}
