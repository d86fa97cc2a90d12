using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Random;

/// <summary>
/// Philox 4x32-10, the counter-based random generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
/// easy as 1, 2, 3" (SC 2011). Block i of a stream depends on (seed, stream, i) alone, so that any thread can draw any
/// part of it at any time.
/// </summary>
/// <remarks>
/// A 64-bit lane computes one block; word c of the blocks is in register c. A round multiplies the lower 32 bits of two
/// registers to 64 bits. A last interleave gives the order of the stream. The remainder of a span takes one more step
/// (Uniform) or the scalar form (Words).
/// </remarks>
internal static class Philox4x32
{
    private const float Unit = 1f / (1 << 24);
    private const ulong Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint KeyStep0 = 0x9E3779B9, KeyStep1 = 0xBB67AE85;

    /// <summary>The rounds that the authors recommend.</summary>
    public const int Rounds = 10;

    /// <summary>The fewest rounds that pass every test of BigCrush, for numbers needed in millions.</summary>
    public const int FastRounds = 7;

    /// <summary>The registers of blocks that a step interleaves, to hide the latency of a round.</summary>
    public const int StepRegisters = 4;

    /// <summary>The 32-bit words of a block.</summary>
    public const int BlockLength = 4;

    /// <summary>
    /// Block <paramref name="index"/> of a stream: counter (index low, index high, stream low, stream high), key =
    /// seed.
    /// </summary>
    public static (uint R0, uint R1, uint R2, uint R3) Block(ulong index, ulong stream, ulong seed, int rounds = Rounds)
    {
        uint c0 = (uint)index, c1 = (uint)(index >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < rounds; round++)
        {
            ulong product0 = Multiplier0 * c0, product1 = Multiplier1 * c2;
            (c0, c1, c2, c3) =
                ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += KeyStep0;
            k1 += KeyStep1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>Word <paramref name="index"/> of a stream.</summary>
    public static uint Word(ulong index, ulong stream, ulong seed, int rounds = Rounds)
    {
        (uint r0, uint r1, uint r2, uint r3) = Block(index / BlockLength, stream, seed, rounds);
        return (index % BlockLength) switch { 0 => r0, 1 => r1, 2 => r2, _ => r3 };
    }

    /// <summary>
    /// Effectively computes destination[i] = word i / 2³², cut to 24 bits: uniform in [0, 1), exact in a float. Words
    /// of the stream are counted from block <paramref name="firstBlock"/>.
    /// </summary>
    public static void Uniform(ulong firstBlock, ulong stream, ulong seed, Span<float> destination)
    {
        if (Vector512.IsHardwareAccelerated)
            Uniform<Vector512<float>, Lanes512, Words512>(firstBlock, stream, seed, destination);
        else if (Vector256.IsHardwareAccelerated)
            Uniform<Vector256<float>, Lanes256, Words256>(firstBlock, stream, seed, destination);
        else if (Vector128.IsHardwareAccelerated)
            Uniform<Vector128<float>, Lanes128, Words128>(firstBlock, stream, seed, destination);
        else UniformScalar(firstBlock, stream, seed, destination);
    }

    /// <summary>The definition of <see cref="Uniform(ulong, ulong, ulong, Span{float})"/>.</summary>
    public static void UniformScalar(ulong firstBlock, ulong stream, ulong seed, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i += BlockLength)
        {
            (uint r0, uint r1, uint r2, uint r3) = Block(firstBlock + (uint)i / BlockLength, stream, seed);
            int left = destination.Length - i;
            destination[i] = ToUnit(r0);
            if (left > 1) destination[i + 1] = ToUnit(r1);
            if (left > 2) destination[i + 2] = ToUnit(r2);
            if (left > 3) destination[i + 3] = ToUnit(r3);
        }
    }

    public static void Uniform<TVector, TLanes, TWords>(ulong firstBlock, ulong stream, ulong seed, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        int whole = destination.Length - destination.Length % StepLength<TVector, TWords>();
        int left = destination.Length - whole;
        UniformSteps<TVector, TLanes, TWords>(firstBlock, stream, seed, destination[..whole]);
        if (left == 0) return;
        Span<float> last = stackalloc float[StepLength<TVector, TWords>()];
        UniformSteps<TVector, TLanes, TWords>(firstBlock + (uint)whole / BlockLength, stream, seed, last);
        last[..left].CopyTo(destination[whole..]);
    }

    /// <summary>Effectively computes destination[i] = word i from block <paramref name="firstBlock"/> on.</summary>
    public static void Words(ulong firstBlock, ulong stream, ulong seed, Span<uint> destination)
    {
        if (Vector512.IsHardwareAccelerated)
            Words<Vector512<float>, Lanes512, Words512>(firstBlock, stream, seed, destination);
        else if (Vector256.IsHardwareAccelerated)
            Words<Vector256<float>, Lanes256, Words256>(firstBlock, stream, seed, destination);
        else if (Vector128.IsHardwareAccelerated)
            Words<Vector128<float>, Lanes128, Words128>(firstBlock, stream, seed, destination);
        else WordsScalar(firstBlock, stream, seed, destination);
    }

    /// <summary>
    /// The definition of <see cref="Words(ulong, ulong, ulong, Span{uint})"/>, from word <paramref name="start"/> on.
    /// </summary>
    public static void WordsScalar(ulong firstBlock, ulong stream, ulong seed, Span<uint> destination, int start = 0)
    {
        for (int i = start; i < destination.Length; i++)
        {
            (uint r0, uint r1, uint r2, uint r3) = Block(firstBlock + (uint)i / BlockLength, stream, seed);
            destination[i] = (i % BlockLength) switch { 0 => r0, 1 => r1, 2 => r2, _ => r3 };
        }
    }

    public static void Words<TVector, TLanes, TWords>(ulong firstBlock, ulong stream, ulong seed, Span<uint> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        ref float start = ref Unsafe.As<uint, float>(ref MemoryMarshal.GetReference(destination));
        int step = StepLength<TVector, TWords>(), whole = destination.Length - destination.Length % step;
        nuint next = (nuint)TLanes.Count;
        for (int i = 0; i < whole; i += step)
        {
            Step<TVector, TWords>(firstBlock + (uint)i / BlockLength, stream, seed, out Registers<TVector> n);
            ref float target = ref Unsafe.Add(ref start, i);
            TLanes.Store(n.N0, ref target, 0);
            TLanes.Store(n.N1, ref target, next);
            TLanes.Store(n.N2, ref target, next * 2);
            TLanes.Store(n.N3, ref target, next * 3);
            TLanes.Store(n.N4, ref target, next * 4);
            TLanes.Store(n.N5, ref target, next * 5);
            TLanes.Store(n.N6, ref target, next * 6);
            TLanes.Store(n.N7, ref target, next * 7);
        }

        WordsScalar(firstBlock, stream, seed, destination, whole);
    }

    /// <summary>The words of one <see cref="Step"/>.</summary>
    public static int StepLength<TVector, TWords>()
        where TVector : struct
        where TWords : struct, IWords<TVector> => StepRegisters * BlockLength * TWords.Count;

    /// <summary>
    /// Draws <see cref="StepLength"/> words of consecutive blocks, in the order of the stream, into twice
    /// <see cref="StepRegisters"/> registers. Each operation of a round waits for the one before, so that the registers
    /// are interleaved.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector, TWords>(ulong firstBlock, ulong stream, ulong seed, out Registers<TVector> numbers)
        where TVector : struct
        where TWords : struct, IWords<TVector>
    {
        TVector s0 = TWords.Create(stream), s1 = TWords.Create(stream >> 32);
        TVector a0 = TWords.Counters(firstBlock), b0 = TWords.Counters(firstBlock + (uint)TWords.Count);
        TVector c0 = TWords.Counters(firstBlock + 2 * (uint)TWords.Count);
        TVector d0 = TWords.Counters(firstBlock + 3 * (uint)TWords.Count);
        Blocks<TVector> a = new(a0, TWords.Upper(a0), s0, s1), b = new(b0, TWords.Upper(b0), s0, s1);
        Blocks<TVector> c = new(c0, TWords.Upper(c0), s0, s1), d = new(d0, TWords.Upper(d0), s0, s1);
        RunRounds<TVector, TWords>(ref a, ref b, ref c, ref d, seed, 0, Rounds);
        InOrder<TVector, TWords>(a, b, c, d, out numbers);
    }

    /// <summary>
    /// The same for <see cref="FastRounds"/> rounds and blocks below 2³². Half of the first two rounds is the same for
    /// all blocks: it is computed once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FastStep<TVector, TWords>(uint firstBlock, ulong stream, ulong seed, out Registers<TVector> numbers)
        where TVector : struct
        where TWords : struct, IWords<TVector>
    {
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        ulong product1 = Multiplier1 * (uint)stream, product0 = Multiplier0 * ((uint)(product1 >> 32) ^ k0);
        TVector first = TWords.Create((uint)(stream >> 32) ^ k1);
        TVector second0 = TWords.Create((uint)product1 ^ (k0 + KeyStep0));
        TVector second2 = TWords.Create((uint)(product0 >> 32) ^ (k1 + KeyStep1)), second3 = TWords.Create(product0);
        TVector block = TWords.Counters(firstBlock), next = TWords.Create((uint)TWords.Count);
        Blocks<TVector> a = AfterTwoRounds<TVector, TWords>(block, first, second0, second2, second3);
        block = TWords.Add(block, next);
        Blocks<TVector> b = AfterTwoRounds<TVector, TWords>(block, first, second0, second2, second3);
        block = TWords.Add(block, next);
        Blocks<TVector> c = AfterTwoRounds<TVector, TWords>(block, first, second0, second2, second3);
        block = TWords.Add(block, next);
        Blocks<TVector> d = AfterTwoRounds<TVector, TWords>(block, first, second0, second2, second3);
        RunRounds<TVector, TWords>(ref a, ref b, ref c, ref d, seed, 2, FastRounds);
        InOrder<TVector, TWords>(a, b, c, d, out numbers);
    }

    private static void UniformSteps<TVector, TLanes, TWords>(ulong firstBlock, ulong stream, ulong seed, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        ref float start = ref MemoryMarshal.GetReference(destination);
        TVector unit = TLanes.Create(Unit);
        for (int i = 0; i < destination.Length; i += StepLength<TVector, TWords>())
        {
            Step<TVector, TWords>(firstBlock + (uint)i / BlockLength, stream, seed, out Registers<TVector> n);
            ref float target = ref Unsafe.Add(ref start, i);
            nuint next = (nuint)TLanes.Count;
            TLanes.Store(TLanes.Multiply(TWords.Upper24(n.N0), unit), ref target, 0);
            TLanes.Store(TLanes.Multiply(TWords.Upper24(n.N1), unit), ref target, next);
            TLanes.Store(TLanes.Multiply(TWords.Upper24(n.N2), unit), ref target, next * 2);
            TLanes.Store(TLanes.Multiply(TWords.Upper24(n.N3), unit), ref target, next * 3);
            TLanes.Store(TLanes.Multiply(TWords.Upper24(n.N4), unit), ref target, next * 4);
            TLanes.Store(TLanes.Multiply(TWords.Upper24(n.N5), unit), ref target, next * 5);
            TLanes.Store(TLanes.Multiply(TWords.Upper24(n.N6), unit), ref target, next * 6);
            TLanes.Store(TLanes.Multiply(TWords.Upper24(n.N7), unit), ref target, next * 7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Blocks<TVector> AfterTwoRounds<TVector, TWords>(
        TVector block, TVector first, TVector second0, TVector second2, TVector second3)
        where TVector : struct
        where TWords : struct, IWords<TVector>
    {
        TVector product0 = TWords.Product(block, TWords.Create(Multiplier0));
        TVector product1 = TWords.Product(TWords.Xor(TWords.Upper(product0), first), TWords.Create(Multiplier1));
        return new(TWords.Xor(TWords.Upper(product1), second0), product1, TWords.Xor(product0, second2), second3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunRounds<TVector, TWords>(
        ref Blocks<TVector> a, ref Blocks<TVector> b, ref Blocks<TVector> c, ref Blocks<TVector> d,
        ulong seed, int round, int end)
        where TVector : struct
        where TWords : struct, IWords<TVector>
    {
        TVector k0 = TWords.Create((uint)seed + (uint)round * KeyStep0);
        TVector k1 = TWords.Create((uint)(seed >> 32) + (uint)round * KeyStep1);
        for (; round < end; round++)
        {
            Round<TVector, TWords>(ref a, k0, k1);
            Round<TVector, TWords>(ref b, k0, k1);
            Round<TVector, TWords>(ref c, k0, k1);
            Round<TVector, TWords>(ref d, k0, k1);
            k0 = TWords.Add(k0, TWords.Create(KeyStep0));
            k1 = TWords.Add(k1, TWords.Create(KeyStep1));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round<TVector, TWords>(ref Blocks<TVector> blocks, TVector k0, TVector k1)
        where TVector : struct
        where TWords : struct, IWords<TVector>
    {
        TVector product0 = TWords.Product(blocks.C0, TWords.Create(Multiplier0));
        TVector product1 = TWords.Product(blocks.C2, TWords.Create(Multiplier1));
        blocks = new(
            TWords.Xor(TWords.Upper(product1), blocks.C1, k0), product1,
            TWords.Xor(TWords.Upper(product0), blocks.C3, k1), product0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InOrder<TVector, TWords>(
        in Blocks<TVector> a, in Blocks<TVector> b, in Blocks<TVector> c, in Blocks<TVector> d, out Registers<TVector> numbers)
        where TVector : struct
        where TWords : struct, IWords<TVector>
    {
        numbers = default;
        (numbers.N0, numbers.N1) = TWords.InOrder(a.C0, a.C1, a.C2, a.C3);
        (numbers.N2, numbers.N3) = TWords.InOrder(b.C0, b.C1, b.C2, b.C3);
        (numbers.N4, numbers.N5) = TWords.InOrder(c.C0, c.C1, c.C2, c.C3);
        (numbers.N6, numbers.N7) = TWords.InOrder(d.C0, d.C1, d.C2, d.C3);
    }

    /// <summary>A word / 2³², cut to 24 bits: uniform in [0, 1), exact in a float.</summary>
    public static float ToUnit(uint word) => (word >> 8) * Unit;

    /// <summary>The words of one step, in the order of the stream.</summary>
    public struct Registers<TVector>
    {
        public TVector N0, N1, N2, N3, N4, N5, N6, N7;
    }

    // A register of blocks: word 0 of each in C0, and so on.
    private readonly struct Blocks<TVector>(TVector c0, TVector c1, TVector c2, TVector c3)
    {
        public readonly TVector C0 = c0, C1 = c1, C2 = c2, C3 = c3;
    }
}
