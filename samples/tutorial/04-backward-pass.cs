#:project ../../src/BinaryConnect.Core

// Chapter 4, the backward pass: the gradient of the loss, and one step down.
// Run it: dotnet run -c Release samples/tutorial/04-backward-pass.cs
//
// Answer to chapter 3: against the gradient. For softmax and cross-entropy it is short. T has a 1 at each row's label:
//   G = (P - T) / n        grad W = Xᵀ·G        grad b = sum of G's rows        w <- w - α · grad W
using BinaryConnect.Data;

const int Features = 784, Classes = 10;
string folder = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "mnist");
Mnist mnist = Mnist.Load(folder);
var random = new Random(1);
float[] w = new float[Features * Classes], gradW = new float[w.Length], b = new float[Classes], gradB = new float[Classes];
for (int i = 0; i < w.Length; i++) w[i] = random.NextSingle();
Array.Fill(b, 1);

float[] x = new float[128 * Features], p = new float[128 * Classes];
for (int row = 0; row < 128; row++) mnist.Train.CopyRow(row, x.AsSpan(row * Features, Features));
int[] labels = mnist.Train.Labels[..128].ToArray();

double before = Loss();
Gradients(p, labels, x, gradW, gradB);

// Is the gradient right? Move one weight by h to both sides: (L(w + h) - L(w - h)) / 2h is nearly dL/dw.
Console.WriteLine("pixel digit  gradient  by differences");
foreach ((int pixel, int digit) in new[] { (350, 0), (350, 3), (406, 1), (490, 7) })
{
    int at = pixel * Classes + digit;
    float kept = w[at];
    w[at] = kept + 0.01f;
    double above = Loss();
    w[at] = kept - 0.01f;
    double below = Loss();
    w[at] = kept;
    Console.WriteLine($"{pixel,5} {digit,5} {gradW[at],9:F3} {(above - below) / 0.02,15:F3}");
}

UpdateParams(w, gradW, 0.1f);
UpdateParams(b, gradB, 0.1f);
Console.WriteLine($"Loss of the same 128 images: {before:F3} before the step, {Loss():F3} after it (α = 0.1).");
Console.WriteLine("Question: does a model that takes many such steps know digits that it has not seen?");

double Loss()
{
    LogisticModel(x, w, b, p);
    double sum = 0;
    for (int row = 0; row < 128; row++) sum -= Math.Log(Math.Max(p[row * Classes + labels[row]], float.Epsilon));
    return sum / 128;
}

// P = softmax(X·W + b). Shapes: X [n, 784], W [784, 10], b [10], P [n, 10].
static void LogisticModel(ReadOnlySpan<float> x, ReadOnlySpan<float> w, ReadOnlySpan<float> b, Span<float> p)
{
    for (int row = 0; row < x.Length / Features; row++)
    {
        Span<float> z = p.Slice(row * Classes, Classes);
        b.CopyTo(z);
        for (int i = 0; i < Features; i++)
        {
            float pixel = x[row * Features + i];
            if (pixel == 0) continue; // most pixels are black
            for (int k = 0; k < Classes; k++) z[k] += pixel * w[i * Classes + k];
        }

        float max = z[0], sum = 0;
        foreach (float value in z) max = MathF.Max(max, value);
        for (int k = 0; k < Classes; k++) sum += z[k] = MathF.Exp(z[k] - max);
        for (int k = 0; k < Classes; k++) z[k] /= sum;
    }
}

// G = (P - T) / n, grad W = Xᵀ·G, grad b = sum of G's rows. T [n, 10] has a 1 at each row's label. G replaces P.
static void Gradients(Span<float> p, ReadOnlySpan<int> labels, ReadOnlySpan<float> x, Span<float> gradW, Span<float> gradB)
{
    gradW.Clear();
    gradB.Clear();
    for (int j = 0; j < p.Length; j++) p[j] = (p[j] - (labels[j / Classes] == j % Classes ? 1 : 0)) / labels.Length;
    for (int j = 0; j < p.Length; j++) gradB[j % Classes] += p[j];
    for (int j = 0; j < x.Length; j++)
    {
        if (x[j] == 0) continue;
        int row = j / Features, i = j % Features;
        for (int k = 0; k < Classes; k++) gradW[i * Classes + k] += x[j] * p[row * Classes + k];
    }
}

// w <- w - α · grad
static void UpdateParams(Span<float> w, ReadOnlySpan<float> grad, float rate)
{
    for (int i = 0; i < w.Length; i++) w[i] -= rate * grad[i];
}
