using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// Bytes to floats with scale and shift, in one pass. TensorPrimitives takes three: conversion, product, sum.
/// </summary>
/// <remarks>
/// A register of bytes widens to floats, then takes one multiply-add. No masks: the last, incomplete register is left
/// to the scalar form.
/// </remarks>
internal static class ByteToFloat
{
    /// <summary>Effectively computes destination[i] = source[i] · scale + shift.</summary>
    public static void Widen(ReadOnlySpan<byte> source, float scale, float shift, Span<float> destination)
    {
        if (Vector512.IsHardwareAccelerated) Widen<Vector512<float>, Lanes512>(source, scale, shift, destination);
        else if (Vector256.IsHardwareAccelerated) Widen<Vector256<float>, Lanes256>(source, scale, shift, destination);
        else if (Vector128.IsHardwareAccelerated) Widen<Vector128<float>, Lanes128>(source, scale, shift, destination);
        else WidenScalar(source, scale, shift, destination);
    }

    /// <summary>The definition of <see cref="Widen(ReadOnlySpan{byte}, float, float, Span{float})"/>.</summary>
    public static void WidenScalar(ReadOnlySpan<byte> source, float scale, float shift, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++) destination[i] = float.MultiplyAddEstimate(source[i], scale, shift);
    }

    public static void Widen<TVector, TLanes>(ReadOnlySpan<byte> source, float scale, float shift, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref byte bytes = ref MemoryMarshal.GetReference(source);
        ref float target = ref MemoryMarshal.GetReference(destination);
        TVector scales = TLanes.Create(scale), shifts = TLanes.Create(shift);
        int whole = source.Length - source.Length % TLanes.Count;
        for (int i = 0; i < whole; i += TLanes.Count)
        {
            TLanes.Store(TLanes.MultiplyAdd(TLanes.LoadBytes(ref bytes, (nuint)i), scales, shifts), ref target, (nuint)i);
        }

        WidenScalar(source[whole..], scale, shift, destination[whole..]);
    }
}
