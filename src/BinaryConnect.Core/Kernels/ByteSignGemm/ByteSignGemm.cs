using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Rows;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// Bytes times signs, exact in integers. Lanes sum 2 or 4 adjacent bytes, in tiles of 2 rows by 10 or 5 outputs. No
/// masks: an output's signs take whole blocks of 64, and the last block belongs to the row's last 64 inputs. It has 0
/// for inputs of an earlier block, so that no byte past the inputs is read. Fewer than 64 inputs take the scalar form.
/// </summary>
internal static class ByteSignGemm
{
    /// <summary>
    /// The most inputs of an output for which every sum fits 32 bits: |Σ ±x| ≤ 255 · k ≤ 2³¹ − 1 for k ≤ 8,421,504.
    /// Partial sums of every form fit too: none exceeds Σ |x|.
    /// </summary>
    public const int MostInputs = int.MaxValue / byte.MaxValue;

    /// <summary>The inputs of a block of signs.</summary>
    public const int Block = 64;

    // Ten outputs take 20 registers for sums, for machines with 32 registers; five outputs take ten.
    private const int TileRows = 2;
    private const int FewestOutputs = 5;
    private const int MostOutputs = 10;

    // A 16-bit sum holds 64 additions of at most 510.
    private const int MostAdditions = 64;

    /// <summary>The sbytes of one output's signs: <paramref name="inner"/> rounded up to whole blocks.</summary>
    public static int Stride(int inner) => (inner + Block - 1) / Block * Block;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · s[j, k] for x [n, k], packed signs s [m, k], z [n, m], and k up to
    /// <see cref="MostInputs"/>.
    /// </summary>
    public static void Multiply(ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> z)
    {
        if (Avx512BW.IsSupported) Multiply<Vector512<byte>, Vector512<short>, ByteLanes512>(x, signs, z);
        else if (Avx2.IsSupported) Multiply<Vector256<byte>, Vector256<short>, ByteLanes256>(x, signs, z);
        else if (Dp.IsSupported) Multiply<Vector128<sbyte>, Vector128<int>, ByteLanesArm64>(x, signs, z);
        else if (Vector128.IsHardwareAccelerated) Multiply<Vector128<byte>, Vector128<short>, ByteLanes128>(x, signs, z);
        else MultiplyScalar(x, signs, z);
    }

    /// <summary>The definition of <see cref="Multiply(ByteRows, ReadOnlySpan{sbyte}, Span{int})"/>.</summary>
    public static void MultiplyScalar(ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> z)
    {
        int inner = x.Width, rows = x.Count, stride = Stride(inner), outputs = signs.Length / stride;
        int whole = inner - inner % Block, skipped = inner < Block ? 0 : stride - inner;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                int sum = 0;
                for (int k = 0; k < inner; k++) sum += x[i][k] * signs[j * stride + (k < whole ? k : k + skipped)];
                z[i * outputs + j] = sum;
            }
        }
    }

    public static void Multiply<TBytes, TSums, TLanes>(ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> z)
        where TBytes : struct
        where TSums : struct
        where TLanes : struct, IByteLanes<TBytes, TSums>
    {
        int inner = x.Width, rows = x.Count, stride = Stride(inner), outputs = signs.Length / stride;
        if (inner < Block)
        {
            MultiplyScalar(x, signs, z);
            return;
        }

        bool isSmall = rows < TileRows || outputs < FewestOutputs;
        bool isWide = TLanes.Count == Vector512<byte>.Count && outputs >= MostOutputs;
        int height = isSmall ? 1 : TileRows, width = isSmall ? 1 : isWide ? MostOutputs : FewestOutputs;
        // The last block joins the last pass over 'reach' inputs, whose 16-bit sums must have room for it.
        int reach = MostAdditions * TLanes.Count - Block, whole = inner - inner % Block;
        ref sbyte ss = ref MemoryMarshal.GetReference(signs);
        ref int zs = ref MemoryMarshal.GetReference(z);
        for (int i = 0; i < rows; i += height)
        {
            int row = Math.Min(i, rows - height);
            ref byte inputs = ref x.Start(row), next = ref x.Start(row + height - 1);
            for (int j = 0; j < outputs; j += width)
            {
                int output = Math.Min(j, outputs - width);
                ref sbyte weights = ref Unsafe.Add(ref ss, (nint)output * stride);
                ref int sums = ref Unsafe.Add(ref zs, (nint)row * outputs + output);
                for (int k = 0; k < whole; k += reach)
                {
                    ref byte from = ref Unsafe.Add(ref inputs, k), nextFrom = ref Unsafe.Add(ref next, k);
                    ref sbyte signsFrom = ref Unsafe.Add(ref weights, k);
                    int length = Math.Min(reach, whole - k);
                    int back = k + length == whole ? stride - inner : 0;
                    int end = back > 0 ? length + Block : length;
                    bool adds = k > 0;
                    if (isSmall) Put(Dot<TBytes, TSums, TLanes>(ref from, ref signsFrom, length, end, back), ref sums, adds);
                    else if (isWide) Tile10<TBytes, TSums, TLanes>(
                        ref from, ref nextFrom, ref signsFrom, ref sums, length, end, back, stride, outputs, adds);
                    else Tile5<TBytes, TSums, TLanes>(
                        ref from, ref nextFrom, ref signsFrom, ref sums, length, end, back, stride, outputs, adds);
                }
            }
        }
    }

    // 2 rows (x, x1) by 10 outputs (s, 'stride' apart) over signs 0 to 'end', whole registers. From 'length' on, the
    // inputs are 'back' bytes before their signs.
    private static void Tile10<TBytes, TSums, TLanes>(
        ref byte x, ref byte x1, ref sbyte s, ref int z, int length, int end, int back, int stride, int outputs, bool adds)
        where TBytes : struct
        where TSums : struct
        where TLanes : struct, IByteLanes<TBytes, TSums>
    {
        nint once = stride, twice = 2 * once, thrice = 3 * once, fourfold = 4 * once;
        TSums t00 = default, t01 = t00, t02 = t00, t03 = t00, t04 = t00, t05 = t00, t06 = t00, t07 = t00, t08 = t00, t09 = t00;
        TSums t10 = t00, t11 = t00, t12 = t00, t13 = t00, t14 = t00, t15 = t00, t16 = t00, t17 = t00, t18 = t00, t19 = t00;
        for (nuint k = 0; k < (nuint)end; k += (nuint)TLanes.Count)
        {
            nuint at = k < (nuint)length ? k : k - (nuint)back;
            TBytes a = TLanes.Load(ref x, at), b = TLanes.Load(ref x1, at);
            ref sbyte low = ref Unsafe.Add(ref s, k), high = ref Unsafe.Add(ref low, 5 * once);
            t00 = TLanes.MultiplyAdd(a, ref low, 0, t00);
            t10 = TLanes.MultiplyAdd(b, ref low, 0, t10);
            t01 = TLanes.MultiplyAdd(a, ref Unsafe.Add(ref low, once), 0, t01);
            t11 = TLanes.MultiplyAdd(b, ref Unsafe.Add(ref low, once), 0, t11);
            t02 = TLanes.MultiplyAdd(a, ref Unsafe.Add(ref low, twice), 0, t02);
            t12 = TLanes.MultiplyAdd(b, ref Unsafe.Add(ref low, twice), 0, t12);
            t03 = TLanes.MultiplyAdd(a, ref Unsafe.Add(ref low, thrice), 0, t03);
            t13 = TLanes.MultiplyAdd(b, ref Unsafe.Add(ref low, thrice), 0, t13);
            t04 = TLanes.MultiplyAdd(a, ref Unsafe.Add(ref low, fourfold), 0, t04);
            t14 = TLanes.MultiplyAdd(b, ref Unsafe.Add(ref low, fourfold), 0, t14);
            t05 = TLanes.MultiplyAdd(a, ref high, 0, t05);
            t15 = TLanes.MultiplyAdd(b, ref high, 0, t15);
            t06 = TLanes.MultiplyAdd(a, ref Unsafe.Add(ref high, once), 0, t06);
            t16 = TLanes.MultiplyAdd(b, ref Unsafe.Add(ref high, once), 0, t16);
            t07 = TLanes.MultiplyAdd(a, ref Unsafe.Add(ref high, twice), 0, t07);
            t17 = TLanes.MultiplyAdd(b, ref Unsafe.Add(ref high, twice), 0, t17);
            t08 = TLanes.MultiplyAdd(a, ref Unsafe.Add(ref high, thrice), 0, t08);
            t18 = TLanes.MultiplyAdd(b, ref Unsafe.Add(ref high, thrice), 0, t18);
            t09 = TLanes.MultiplyAdd(a, ref Unsafe.Add(ref high, fourfold), 0, t09);
            t19 = TLanes.MultiplyAdd(b, ref Unsafe.Add(ref high, fourfold), 0, t19);
        }

        ref int z1 = ref Unsafe.Add(ref z, outputs);
        Put(TLanes.SumFour(t00, t01, t02, t03), ref z, adds);
        Put(TLanes.SumFour(t04, t05, t06, t07), ref Unsafe.Add(ref z, 4), adds);
        Put(TLanes.SumFour(t10, t11, t12, t13), ref z1, adds);
        Put(TLanes.SumFour(t14, t15, t16, t17), ref Unsafe.Add(ref z1, 4), adds);
        Vector128<int> last = TLanes.SumFour(t08, t09, t18, t19);
        Put(last[0], ref Unsafe.Add(ref z, 8), adds);
        Put(last[1], ref Unsafe.Add(ref z, 9), adds);
        Put(last[2], ref Unsafe.Add(ref z1, 8), adds);
        Put(last[3], ref Unsafe.Add(ref z1, 9), adds);
    }

    // The same for 5 outputs.
    private static void Tile5<TBytes, TSums, TLanes>(
        ref byte x, ref byte x1, ref sbyte s, ref int z, int length, int end, int back, int stride, int outputs, bool adds)
        where TBytes : struct
        where TSums : struct
        where TLanes : struct, IByteLanes<TBytes, TSums>
    {
        ref sbyte s1 = ref Unsafe.Add(ref s, stride);
        ref sbyte s2 = ref Unsafe.Add(ref s1, stride);
        ref sbyte s3 = ref Unsafe.Add(ref s2, stride);
        ref sbyte s4 = ref Unsafe.Add(ref s3, stride);
        TSums t00 = default, t01 = t00, t02 = t00, t03 = t00, t04 = t00;
        TSums t10 = t00, t11 = t00, t12 = t00, t13 = t00, t14 = t00;
        for (nuint k = 0; k < (nuint)end; k += (nuint)TLanes.Count)
        {
            nuint at = k < (nuint)length ? k : k - (nuint)back;
            TBytes a = TLanes.Load(ref x, at), b = TLanes.Load(ref x1, at);
            t00 = TLanes.MultiplyAdd(a, ref s, k, t00);
            t10 = TLanes.MultiplyAdd(b, ref s, k, t10);
            t01 = TLanes.MultiplyAdd(a, ref s1, k, t01);
            t11 = TLanes.MultiplyAdd(b, ref s1, k, t11);
            t02 = TLanes.MultiplyAdd(a, ref s2, k, t02);
            t12 = TLanes.MultiplyAdd(b, ref s2, k, t12);
            t03 = TLanes.MultiplyAdd(a, ref s3, k, t03);
            t13 = TLanes.MultiplyAdd(b, ref s3, k, t13);
            t04 = TLanes.MultiplyAdd(a, ref s4, k, t04);
            t14 = TLanes.MultiplyAdd(b, ref s4, k, t14);
        }

        ref int z1 = ref Unsafe.Add(ref z, outputs);
        Put(TLanes.SumFour(t00, t01, t02, t03), ref z, adds);
        Put(TLanes.SumFour(t10, t11, t12, t13), ref z1, adds);
        Put(Vector128.Sum(TLanes.Fold(t04)), ref Unsafe.Add(ref z, 4), adds);
        Put(Vector128.Sum(TLanes.Fold(t14)), ref Unsafe.Add(ref z1, 4), adds);
    }

    // The first pass of a row, most often the only one, writes z without reading it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector128<int> sums, ref int z, bool adds) =>
        (adds ? Vector128.LoadUnsafe(ref z) + sums : sums).StoreUnsafe(ref z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(int sum, ref int z, bool adds) => z = adds ? z + sum : sum;

    private static int Dot<TBytes, TSums, TLanes>(ref byte x, ref sbyte s, int length, int end, int back)
        where TBytes : struct
        where TSums : struct
        where TLanes : struct, IByteLanes<TBytes, TSums>
    {
        TSums sums = default;
        for (nuint k = 0; k < (nuint)end; k += (nuint)TLanes.Count)
            sums = TLanes.MultiplyAdd(TLanes.Load(ref x, k < (nuint)length ? k : k - (nuint)back), ref s, k, sums);

        return Vector128.Sum(TLanes.Fold(sums));
    }
}
