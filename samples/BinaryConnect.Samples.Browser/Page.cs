using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Intrinsics;
using BinaryConnect.Data;

namespace BinaryConnect.Samples.Browser;

/// <summary>The members that worker.js calls. An exception becomes a JavaScript error of the same message.</summary>
internal static partial class Page
{
    private const int Pixels = DrawnDigit.Side * DrawnDigit.Side;

    private static Dataset? _train, _test;
    private static IdxArray? _testImages;
    private static DigitTraining? _training;

    private static DigitTraining Training =>
        _training ?? throw new InvalidOperationException("No run has begun; 'Load' and 'Begin' come first.");

    /// <summary>The registers that the kernels take here.</summary>
    [JSExport]
    internal static string Machine() => $"WebAssembly, {(Vector128.IsHardwareAccelerated ? "128-bit registers" : "no SIMD")}";

    /// <summary>Reads four IDX files, packed or not.</summary>
    [JSExport]
    internal static void Load(byte[] trainImages, byte[] trainLabels, byte[] testImages, byte[] testLabels)
    {
        _testImages = Read(testImages);
        _train = DigitTraining.ReadDigits(Read(trainImages), Read(trainLabels));
        _test = DigitTraining.ReadDigits(_testImages, Read(testLabels));
    }

    /// <summary>Prepares a run, and gives the number of its steps.</summary>
    [JSExport]
    internal static int Begin(int seed)
    {
        if (_train is null || _test is null) throw new InvalidOperationException("There are no digits; 'Load' comes first.");
        _training = new DigitTraining(_train, _test, seed);
        return DigitTraining.TotalSteps;
    }

    /// <summary>Takes a step; gives its loss and the number of its sign flips.</summary>
    [JSExport]
    internal static double[] Step()
    {
        BinaryConnect.Training.StepResult result = Training.Step();
        return [result.Loss, result.SignFlips];
    }

    [JSExport]
    internal static double Evaluate() => Training.Evaluate();

    [JSExport]
    internal static byte[] Signs() => Training.Signs();

    [JSExport]
    internal static string Hash() => Training.Hash;

    /// <summary>The image of a drawing, 784 bytes.</summary>
    [JSExport]
    internal static byte[] ToImage(byte[] drawing, int side) => DrawnDigit.ToImage(drawing, side);

    /// <summary>The probability of each digit for an image.</summary>
    [JSExport]
    internal static double[] Classify(byte[] image) => [.. Training.Classify(image).Select(value => (double)value)];

    /// <summary>The number of test digits.</summary>
    [JSExport]
    internal static int TestCount() => _test?.Count ?? 0;

    /// <summary>An image of the test set.</summary>
    [JSExport]
    internal static byte[] TestImage(int row) => _testImages!.Values.Slice(row * Pixels, Pixels).ToArray();

    /// <summary>The digit on an image of the test set.</summary>
    [JSExport]
    internal static int TestLabel(int row) => _test!.Labels[row];

    private static IdxArray Read(byte[] file) => IdxReader.Read(new MemoryStream(file));
}
