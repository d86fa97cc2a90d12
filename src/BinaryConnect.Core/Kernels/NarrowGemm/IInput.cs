namespace BinaryConnect.Kernels.NarrowGemm;

/// <summary>Rows of inputs [n, k] and their conversion to floats, so that one loop serves floats and bytes.</summary>
/// <typeparam name="TElement">The type in which inputs are stored.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
internal interface IInput<TElement, TVector>
    where TElement : unmanaged
    where TVector : struct
{
    /// <summary>The number of rows, n.</summary>
    int Count { get; }

    /// <summary>The number of inputs of a row, k.</summary>
    int Width { get; }

    /// <summary>The distance between the starts of two rows, in elements.</summary>
    int Stride { get; }

    /// <summary>The first input of a row.</summary>
    ref TElement Start(int row);

    /// <summary>The inputs from <paramref name="offset"/> on, one a lane, as floats.</summary>
    static abstract TVector Load(ref readonly TElement source, nuint offset);

    /// <summary>One input as a float.</summary>
    static abstract float ToFloat(TElement element);
}
