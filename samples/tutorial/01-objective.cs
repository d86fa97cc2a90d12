#:project ../../src/BinaryConnect.Core

// Chapter 1, the objective: a program that names a handwritten digit, and keeps one bit for each of its weights.
// Run it: dotnet run -c Release samples/tutorial/01-objective.cs
using System.Text;
using BinaryConnect.Data;

const int Features = 784, Classes = 10;
string folder = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "mnist");
Mnist mnist = Mnist.Load(folder);
Console.WriteLine($"MNIST: {mnist.Train.Count:N0} images to train, {mnist.Validation.Count:N0} to validate, "
    + $"{mnist.Test.Count:N0} to test. The first test image:");

// A pixel is a byte from 0 to 255. The library scales it to x = pixel / 255, a number from 0 to 1.
float[] image = new float[Features];
mnist.Test.CopyRow(0, image);
for (int y = 0; y < 28; y += 2)
{
    var line = new StringBuilder("  ");
    for (int column = 0; column < 28; column++)
    {
        float ink = (image[y * 28 + column] + image[y * 28 + 28 + column]) / 2;
        line.Append(" .:*#"[(int)(ink * 4.99f)]);
    }

    Console.WriteLine(line.ToString().TrimEnd());
}

Console.WriteLine($"Its label is {mnist.Test.Labels[0]}.");

// The model has one weight for each pixel and digit. A real weight is a float of 32 bits. A binary weight is +1 or -1.
int weights = Features * Classes;
Console.WriteLine($"A model of {Features} pixels x {Classes} digits has {weights:N0} weights.");
Console.WriteLine($"As floats they take {weights * 4:N0} bytes, as bits {weights / 8:N0} bytes: {4 * 8} times less.");

// A product with a binary weight is x or -x. So the model needs additions and subtractions, but no multiplications.
Console.WriteLine("Question: a training step changes a weight by 0.01. How can a weight of +1 or -1 change so little?");
