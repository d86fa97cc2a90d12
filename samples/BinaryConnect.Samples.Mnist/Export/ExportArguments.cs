using BinaryConnect.Inference.Export;

namespace BinaryConnect.Samples.Mnist.Export;

/// <summary>The arguments of the command export.</summary>
/// <param name="Model">The file of the model.</param>
/// <param name="Out">What to write.</param>
/// <param name="Name">The name in C source.</param>
/// <param name="Loop">The inner loop of C source.</param>
/// <param name="DataFolder">The folder of MNIST's four files, for test vectors.</param>
/// <param name="Vectors">The number of test vectors of C source.</param>
/// <param name="Weights">How an ONNX file holds binary weights.</param>
internal sealed record ExportArguments(
    string Model, string Out, string Name, CInnerLoop Loop, string DataFolder, int Vectors, OnnxWeights Weights);
