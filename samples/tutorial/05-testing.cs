#:project ../../src/BinaryConnect.Core

// Chapter 5, testing: 500 steps with real weights, and the accuracy on images that the model has not seen.
// Run it: dotnet run -c Release samples/tutorial/05-testing.cs
//
// Answer to chapter 4: yes, most of them. Each step takes the next 128 images of a shuffled epoch, without repeats.
// The learning rate falls: α <- 0.8 · α every 20 steps.
// The library has the functions of chapters 3 and 4, with vectors. It stores the weights as [10, 784], not [784, 10].
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;

const int Features = 784, Classes = 10, BatchSize = 128;
string folder = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "mnist");
Mnist mnist = Mnist.Load(folder);
var random = new Random(1);
float[] w = new float[Classes * Features], gradW = new float[w.Length], b = new float[Classes], gradB = new float[Classes];
for (int i = 0; i < w.Length; i++) w[i] = random.NextSingle();
Array.Fill(b, 1);

float[] x = new float[BatchSize * Features], p = new float[BatchSize * Classes], g = new float[p.Length];
int[] labels = new int[BatchSize], order = [.. Enumerable.Range(0, mnist.Train.Count)];
int position = order.Length;

float rate = 0.5f;
Console.WriteLine("step     α  test loss  accuracy");
for (int step = 1; step <= 500; step++)
{
    NextBatch();
    LogisticModel.Probabilities(x, w, b, p);
    Gradients.Logits(p, labels, g);
    Gradients.Weights(x, g, gradW, Classes);
    Gradients.Bias(g, gradB);
    Sgd.Update(w, gradW, rate);
    Sgd.Update(b, gradB, rate);
    if (step % 20 == 0) rate *= 0.8f;
    if (step % 100 != 0) continue;
    (double loss, double accuracy) = Test();
    Console.WriteLine($"{step,4} {rate,5:F3} {loss,10:F4} {accuracy,9:F4}");
}

Console.WriteLine("The notebook publishes 0.863 to 0.8716. Its random numbers differ, so these figures differ a little.");
Console.WriteLine("Question: what is left of this accuracy if we keep the signs of these weights alone?");

// A batch that reaches the end of the epoch fills up from the next epoch, in a new order.
void NextBatch()
{
    for (int row = 0; row < BatchSize; row++)
    {
        if (position == order.Length)
        {
            random.Shuffle(order);
            position = 0;
        }

        mnist.Train.CopyRow(order[position], x.AsSpan(row * Features, Features));
        labels[row] = mnist.Train.Labels[order[position]];
        position++;
    }
}

// Loss = mean of -ln(p of the label). Accuracy = the share of images whose most probable digit is the label.
(double Loss, double Accuracy) Test()
{
    float[] image = new float[Features], q = new float[Classes];
    double loss = 0, hits = 0;
    for (int row = 0; row < mnist.Test.Count; row++)
    {
        int label = mnist.Test.Labels[row];
        mnist.Test.CopyRow(row, image);
        LogisticModel.Probabilities(image, w, b, q);
        loss += CrossEntropyLoss.FromProbabilities(q, [label]);
        if (Array.IndexOf(q, q.Max()) == label) hits++;
    }

    return (loss / mnist.Test.Count, hits / mnist.Test.Count);
}
