using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// The memory one thread needs for a <see cref="FloatGemm"/> of any size, made once: a block of A that stays in the second
/// level of cache, a few panels of B of which one at a time stays in the first, and one tile for the results at an edge.
/// </summary>
internal sealed class GemmWorkspace
{
    /// <summary>How many values of the inner index a block takes: a panel of B is then 32 KB, two thirds of a 48 KB cache.</summary>
    public const int MostInner = 256;

    /// <summary>How many rows of A a block takes: 528 KB, half of a 1 MB cache. A multiple of every tile's rows.</summary>
    public const int MostRows = 528;

    /// <summary>How many columns of B are packed at a time. A multiple of every tile's columns.</summary>
    public const int MostColumns = 64;

    private readonly Memory<float> _a = AlignedBuffer.Allocate(MostRows * MostInner);
    private readonly Memory<float> _b = AlignedBuffer.Allocate(MostColumns * MostInner);
    private readonly Memory<float> _tile = AlignedBuffer.Allocate(GemmMicroKernel.MostRows * GemmMicroKernel.MostColumns);
    private (int Row, int Inner)? _packed;

    /// <summary>Room for <see cref="MostRows"/> rows of A by <see cref="MostInner"/>.</summary>
    public Span<float> A => _a.Span;

    /// <summary>Room for <see cref="MostColumns"/> columns of B by <see cref="MostInner"/>.</summary>
    public Span<float> B => _b.Span;

    /// <summary>Room for one tile of results.</summary>
    public Span<float> Tile => _tile.Span;

    /// <summary>Begins another product: what <see cref="A"/> holds is of no more use.</summary>
    public void Forget() => _packed = null;

    /// <summary>Whether <see cref="A"/> holds this product's block of this place.</summary>
    public bool Holds(int row, int inner) => _packed == (row, inner);

    /// <summary>From here on, <see cref="A"/> holds it.</summary>
    public void Remember(int row, int inner) => _packed = (row, inner);
}
