using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The random numbers in the form that a test names.</summary>
internal static class Philox4x32Forms
{
    public static void Uniform(Form form, ulong firstBlock, ulong stream, ulong seed, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: Philox4x32.UniformScalar(firstBlock, stream, seed, destination); break;
            case Form.Lanes128:
                Philox4x32.Uniform<Vector128<float>, Lanes128, Words128>(firstBlock, stream, seed, destination);
                break;
            case Form.Lanes256:
                Philox4x32.Uniform<Vector256<float>, Lanes256, Words256>(firstBlock, stream, seed, destination);
                break;
            case Form.Lanes512:
                Philox4x32.Uniform<Vector512<float>, Lanes512, Words512>(firstBlock, stream, seed, destination);
                break;
            default: Philox4x32.Uniform(firstBlock, stream, seed, destination); break;
        }
    }

    public static void Words(Form form, ulong firstBlock, ulong stream, ulong seed, Span<uint> destination)
    {
        switch (form)
        {
            case Form.Scalar: Philox4x32.WordsScalar(firstBlock, stream, seed, destination); break;
            case Form.Lanes128:
                Philox4x32.Words<Vector128<float>, Lanes128, Words128>(firstBlock, stream, seed, destination);
                break;
            case Form.Lanes256:
                Philox4x32.Words<Vector256<float>, Lanes256, Words256>(firstBlock, stream, seed, destination);
                break;
            case Form.Lanes512:
                Philox4x32.Words<Vector512<float>, Lanes512, Words512>(firstBlock, stream, seed, destination);
                break;
            default: Philox4x32.Words(firstBlock, stream, seed, destination); break;
        }
    }
}
