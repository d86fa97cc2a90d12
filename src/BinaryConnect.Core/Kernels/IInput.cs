namespace BinaryConnect.Kernels;

/// <summary>How inputs become floats, so that one loop serves floats and bytes.</summary>
/// <typeparam name="TElement">What the inputs are kept as.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
internal interface IInput<TElement, TVector>
    where TElement : unmanaged
    where TVector : struct
{
    /// <summary>The inputs from <paramref name="offset"/> on, one a lane.</summary>
    static abstract TVector Load(ref readonly TElement source, nuint offset);

    /// <summary>One input.</summary>
    static abstract float ToFloat(TElement element);
}
