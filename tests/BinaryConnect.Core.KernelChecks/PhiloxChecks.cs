using BinaryConnect.Kernels.Random;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class PhiloxChecks
{
    private const ulong Stream = 0x89ABCDEF_01234567, Seed = 0xFEDCBA98_76543210;
    private static readonly ulong[] FirstBlocks = [0, 0xFFFFFFF0, 0xFFFFFFFE, ulong.MaxValue - 5];
    private static readonly GuardedMemory<float> Destination = new(256);
    private static readonly GuardedMemory<uint> WordDestination = new(256);

    public static void Run(Report report)
    {
        report.Count("Philox4x32.Block", Published());
        report.Kernel("Philox4x32.Uniform", Uniform);
        report.Kernel("Philox4x32.Words", Words);
    }

    // From Random123, its authors' library (kat_vectors: philox4x32 10).
    private static string? Published()
    {
        (uint, uint, uint, uint) block = Philox4x32.Block(0x85A308D3_243F6A88, 0x03707344_13198A2E, 0x299F31D0_A4093822);
        return block == (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1) ? null : $"{block}";
    }

    private static string? Uniform(Form form, Side side)
    {
        string? fault = null;
        foreach (ulong first in FirstBlocks)
        {
            for (int length = 0; length <= 256; length++)
            {
                float[] expected = new float[length];
                Philox4x32.UniformScalar(first, Stream, Seed, expected);
                Span<float> destination = Destination.Take(length, side);
                destination.Clear();
                Philox4x32Forms.Uniform(form, first, Stream, Seed, destination);
                fault ??= Compare.Same(destination, expected, $"length {length} from block {first}");
            }
        }

        return fault;
    }

    private static string? Words(Form form, Side side)
    {
        string? fault = null;
        foreach (ulong first in FirstBlocks)
        {
            for (int length = 0; length <= 256; length++)
            {
                uint[] expected = new uint[length];
                Philox4x32.WordsScalar(first, Stream, Seed, expected);
                Span<uint> destination = WordDestination.Take(length, side);
                destination.Clear();
                Philox4x32Forms.Words(form, first, Stream, Seed, destination);
                if (!destination.SequenceEqual(expected)) fault ??= $"length {length} from block {first}";
            }
        }

        return fault;
    }
}
