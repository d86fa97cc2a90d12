namespace BinaryConnect.Data;

/// <summary>The content of an IDX file of unsigned bytes.</summary>
/// <param name="Dimensions">The size along each dimension, slowest first; empty for a single value.</param>
/// <param name="Values">The bytes, row-major; as many as the product of <paramref name="Dimensions"/>.</param>
public sealed record IdxArray(IReadOnlyList<int> Dimensions, ReadOnlyMemory<byte> Values);
