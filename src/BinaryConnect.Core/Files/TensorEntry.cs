namespace BinaryConnect.Files;

/// <summary>The entry of one tensor in a file's header.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Shape">Its sizes, slowest dimension first.</param>
/// <param name="Begin">The offset of its first byte from the start of the data.</param>
/// <param name="End">The offset of the byte after its last.</param>
internal sealed record TensorEntry(string Name, DataType Type, long[] Shape, long Begin, long End);
