namespace BinaryConnect.Kernels.NarrowGemm;

/// <summary>Rows of inputs, [n, k], and how they become floats, so that one loop serves floats and bytes.</summary>
/// <typeparam name="TElement">What the inputs are kept as.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
internal interface IInput<TElement, TVector>
    where TElement : unmanaged
    where TVector : struct
{
    /// <summary>The number of rows, n.</summary>
    int Count { get; }

    /// <summary>The number of inputs of a row, k.</summary>
    int Width { get; }

    /// <summary>How many elements apart two rows begin.</summary>
    int Stride { get; }

    /// <summary>The first input of a row.</summary>
    ref TElement Start(int row);

    /// <summary>The inputs from <paramref name="offset"/> on, one a lane.</summary>
    static abstract TVector Load(ref readonly TElement source, nuint offset);

    /// <summary>One input.</summary>
    static abstract float ToFloat(TElement element);
}
