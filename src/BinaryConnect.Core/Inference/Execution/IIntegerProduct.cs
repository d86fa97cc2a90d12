namespace BinaryConnect.Inference.Execution;

/// <summary>A product with the signs of a layer that is exact in integers. Threads share it.</summary>
internal interface IIntegerProduct
{
    /// <summary>The bytes of an input row.</summary>
    int InputBytes { get; }

    /// <summary>The values between the sums of two rows; at least the outputs.</summary>
    int Stride { get; }

    /// <summary>The 16-bit values of work space.</summary>
    int TablesLength { get; }

    /// <summary>The bytes of work space for each row.</summary>
    int GroupsLength { get; }

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · s[j, k]; row i of z begins at i · <see cref="Stride"/>.
    /// </summary>
    void Multiply(ReadOnlySpan<byte> x, Span<int> z, LayerMemory memory);
}
