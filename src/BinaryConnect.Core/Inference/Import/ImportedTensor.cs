using BinaryConnect.Files;

namespace BinaryConnect.Inference.Import;

/// <summary>A tensor in a file of others, as its header describes it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="IsColumnMajor">Whether the first size is the fastest in the file; otherwise the last is.</param>
internal sealed record ImportedTensor(string Name, DataType Type, long[] Shape, bool IsColumnMajor);
