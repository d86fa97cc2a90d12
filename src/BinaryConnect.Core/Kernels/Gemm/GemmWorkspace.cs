using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// The buffers of one thread for a <see cref="FloatGemm"/> of any size. A block of A stays in L2, and one panel of B at
/// a time in L1. A tile holds results at an edge of C.
/// </summary>
internal sealed class GemmWorkspace
{
    /// <summary>
    /// KC, the most values of the inner index in a block. A panel of B is then 32 KB, two thirds of a 48 KB L1.
    /// </summary>
    public const int MostInner = 256;

    /// <summary>MC, the most rows of A in a block: 528 KB, half of a 1 MB L2. A multiple of every MR.</summary>
    public const int MostRows = 528;

    /// <summary>NC, the most columns of B packed at a time. A multiple of every NR.</summary>
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

    /// <summary>Begins another product: the block in <see cref="A"/> is no longer valid.</summary>
    public void Forget() => _packed = null;

    /// <summary>Whether <see cref="A"/> holds this product's block that begins at this row and inner index.</summary>
    public bool Holds(int row, int inner) => _packed == (row, inner);

    /// <summary>Records that <see cref="A"/> now holds this block.</summary>
    public void Remember(int row, int inner) => _packed = (row, inner);
}
