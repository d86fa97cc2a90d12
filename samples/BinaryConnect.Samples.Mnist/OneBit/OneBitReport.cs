namespace BinaryConnect.Samples.Mnist.OneBit;

/// <summary>What one bit a weight buys: the same recipe with one bit and with real weights.</summary>
/// <param name="Recipe">The recipe of both.</param>
/// <param name="Steps">The number of steps of the packed model's training.</param>
/// <param name="BestStep">The step whose weights it has, chosen by the validation set.</param>
/// <param name="ValidationAccuracy">Its accuracy on the validation set, before it was packed.</param>
/// <param name="Images">The number of test images.</param>
/// <param name="Packed">The packed model of binary weights.</param>
/// <param name="Real">The model of real weights.</param>
internal sealed record OneBitReport(
    string Recipe,
    int Steps,
    int BestStep,
    double ValidationAccuracy,
    int Images,
    OneBitReport.Side Packed,
    OneBitReport.Side Real)
{
    /// <summary>One of the two models.</summary>
    /// <param name="Bytes">The bytes of its weights, biases and factors.</param>
    /// <param name="TestAccuracy">Its accuracy on the test set.</param>
    /// <param name="Seconds">The time to classify all test images, on one thread: the least of several runs.</param>
    internal sealed record Side(long Bytes, double TestAccuracy, double Seconds);
}
