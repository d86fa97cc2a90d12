using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// Packing: copies a block of A or B into panels of <c>width</c> (MR or NR) vectors, which the micro-kernel reads from
/// start to end. Effectively panel[p · width + v] = value p of vector v. Vectors of zeros pad the last panel.
/// </summary>
/// <remarks>
/// Vectors stored as columns are copied a register at a time. Vectors stored as rows are transposed in registers, in
/// squares of 4 × 4 floats, with AVX two squares at a time. The remainder is copied float by float.
/// </remarks>
internal static class GemmPacking
{
    // Panels written concurrently: an 8-way cache holds a line of each in one set.
    private const int Group = 8;
    private const int Square = 4;

    /// <summary>Packs vectors stored as columns: value p of vector v is source[p · stride + v].</summary>
    public static void PackColumns<TVector, TLanes>(
        ReadOnlySpan<float> source, int stride, int vectors, int inner, int width, Span<float> panels)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float from = ref MemoryMarshal.GetReference(source), to = ref MemoryMarshal.GetReference(panels);
        int whole = vectors / width;
        nint panel = (nint)width * inner;
        for (int first = 0; first < whole; first += Group)
        {
            int end = Math.Min(first + Group, whole);
            for (int p = 0; p < inner; p++)
            {
                ref float row = ref Unsafe.Add(ref from, (nint)p * stride + (nint)first * width);
                ref float target = ref Unsafe.Add(ref to, first * panel + (nint)p * width);
                for (int i = first; i < end; i++)
                {
                    Copy<TVector, TLanes>(ref row, ref target, width);
                    row = ref Unsafe.Add(ref row, width);
                    target = ref Unsafe.Add(ref target, panel);
                }
            }
        }

        int left = vectors - whole * width;
        if (left == 0) return;
        Span<float> last = panels.Slice((int)(whole * panel), (int)panel);
        for (int p = 0; p < inner; p++)
        {
            Span<float> target = last.Slice(p * width, width);
            source.Slice(p * stride + whole * width, left).CopyTo(target);
            target[left..].Clear();
        }
    }

    /// <summary>Packs vectors stored as rows: value p of vector v is source[v · stride + p].</summary>
    public static void PackRows(ReadOnlySpan<float> source, int stride, int vectors, int inner, int width, Span<float> panels)
    {
        ref float from = ref MemoryMarshal.GetReference(source), to = ref MemoryMarshal.GetReference(panels);
        for (int first = 0; first < vectors; first += width)
        {
            ref float panel = ref Unsafe.Add(ref to, (nint)first * inner);
            int some = Math.Min(width, vectors - first), v = 0;
            if (Avx.IsSupported)
            {
                for (; v <= some - 2 * Square; v += 2 * Square)
                {
                    ref float strip = ref Unsafe.Add(ref from, (nint)(first + v) * stride);
                    TransposeWideStrip(ref strip, stride, ref Unsafe.Add(ref panel, v), width, inner);
                }
            }

            for (; v <= some - Square; v += Square)
            {
                TransposeStrip(
                    ref Unsafe.Add(ref from, (nint)(first + v) * stride), stride, ref Unsafe.Add(ref panel, v), width, inner);
            }

            for (; v < some; v++)
            {
                ref float vector = ref Unsafe.Add(ref from, (nint)(first + v) * stride);
                for (int p = 0; p < inner; p++) Unsafe.Add(ref panel, (nint)p * width + v) = Unsafe.Add(ref vector, p);
            }

            if (some == width) continue;
            for (int p = 0; p < inner; p++) panels.Slice(first * inner + p * width + some, width - some).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<TVector, TLanes>(ref float from, ref float to, int width)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int i = 0;
        for (; i <= width - TLanes.Count; i += TLanes.Count) TLanes.Store(TLanes.Load(ref from, (nuint)i), ref to, (nuint)i);
        for (; i <= width - Square; i += Square) Vector128.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
        for (; i < width; i++) Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
    }

    // Transposes 4 rows into 4 columns by squares of 4 × 4. The remainder of the rows is copied float by float.
    private static void TransposeStrip(ref float from, int stride, ref float to, int width, int inner)
    {
        ref float from1 = ref Unsafe.Add(ref from, stride);
        ref float from2 = ref Unsafe.Add(ref from1, stride);
        ref float from3 = ref Unsafe.Add(ref from2, stride);
        nuint p = 0;
        if (Sse.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            for (; p + Square <= (nuint)inner; p += Square)
            {
                Vector128<float> a = Vector128.LoadUnsafe(ref from, p), b = Vector128.LoadUnsafe(ref from1, p);
                Vector128<float> c = Vector128.LoadUnsafe(ref from2, p), d = Vector128.LoadUnsafe(ref from3, p);
                (Vector128<float> ac0, Vector128<float> ac1) = Interleave(a, c);
                (Vector128<float> bd0, Vector128<float> bd1) = Interleave(b, d);
                (a, b) = Interleave(ac0, bd0);
                (c, d) = Interleave(ac1, bd1);
                a.StoreUnsafe(ref to);
                b.StoreUnsafe(ref to, (nuint)width);
                c.StoreUnsafe(ref to, 2 * (nuint)width);
                d.StoreUnsafe(ref to, 3 * (nuint)width);
                to = ref Unsafe.Add(ref to, Square * width);
            }
        }

        for (; p < (nuint)inner; p++)
        {
            to = Unsafe.Add(ref from, p);
            Unsafe.Add(ref to, 1) = Unsafe.Add(ref from1, p);
            Unsafe.Add(ref to, 2) = Unsafe.Add(ref from2, p);
            Unsafe.Add(ref to, 3) = Unsafe.Add(ref from3, p);
            to = ref Unsafe.Add(ref to, width);
        }
    }

    // Transposes 8 rows into 8 columns. The 128-bit halves of a register hold rows v and v + 4, so that two 4 × 4
    // squares are transposed at once. The remainder, fewer than 4 values a row, is copied float by float.
    private static void TransposeWideStrip(ref float from, int stride, ref float to, int width, int inner)
    {
        ref float from1 = ref Unsafe.Add(ref from, stride);
        ref float from2 = ref Unsafe.Add(ref from1, stride);
        ref float from3 = ref Unsafe.Add(ref from2, stride);
        nuint below = (nuint)(Square * (nint)stride), p = 0;
        for (; p + Square <= (nuint)inner; p += Square)
        {
            Vector256<float> a = LoadPair(ref from, p, below), b = LoadPair(ref from1, p, below);
            Vector256<float> c = LoadPair(ref from2, p, below), d = LoadPair(ref from3, p, below);
            Vector256<float> ac0 = Avx.UnpackLow(a, c), ac1 = Avx.UnpackHigh(a, c);
            Vector256<float> bd0 = Avx.UnpackLow(b, d), bd1 = Avx.UnpackHigh(b, d);
            Avx.UnpackLow(ac0, bd0).StoreUnsafe(ref to);
            Avx.UnpackHigh(ac0, bd0).StoreUnsafe(ref to, (nuint)width);
            Avx.UnpackLow(ac1, bd1).StoreUnsafe(ref to, 2 * (nuint)width);
            Avx.UnpackHigh(ac1, bd1).StoreUnsafe(ref to, 3 * (nuint)width);
            to = ref Unsafe.Add(ref to, Square * width);
        }

        for (; p < (nuint)inner; p++)
        {
            for (int v = 0; v < 2 * Square; v++) Unsafe.Add(ref to, v) = Unsafe.Add(ref from, (nint)p + (nint)v * stride);
            to = ref Unsafe.Add(ref to, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LoadPair(ref float source, nuint offset, nuint below) =>
        Vector256.Create(Vector128.LoadUnsafe(ref source, offset), Vector128.LoadUnsafe(ref source, offset + below));

    // ([x0, y0, x1, y1], [x2, y2, x3, y3]).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported
            ? (Sse.UnpackLow(x, y), Sse.UnpackHigh(x, y))
            : (AdvSimd.Arm64.ZipLow(x, y), AdvSimd.Arm64.ZipHigh(x, y));
}
