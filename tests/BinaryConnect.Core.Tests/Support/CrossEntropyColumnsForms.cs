using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>The cross-entropy over columns in the form that a test names.</summary>
internal static class CrossEntropyColumnsForms
{
    public static void Run(Form form, Span<float> columns, ReadOnlySpan<int> labels, float share, Span<float> maxima, Span<float> ofLabels, Span<float> sums)
    {
        switch (form)
        {
            case Form.Scalar: CrossEntropyColumns.RunScalar(columns, labels, share, maxima, ofLabels, sums); break;
            case Form.Lanes128: CrossEntropyColumns.Run<Vector128<float>, Lanes128>(columns, labels, share, maxima, ofLabels, sums); break;
            case Form.Lanes256: CrossEntropyColumns.Run<Vector256<float>, Lanes256>(columns, labels, share, maxima, ofLabels, sums); break;
            case Form.Lanes512: CrossEntropyColumns.Run<Vector512<float>, Lanes512>(columns, labels, share, maxima, ofLabels, sums); break;
            default: CrossEntropyColumns.Run(columns, labels, share, maxima, ofLabels, sums); break;
        }
    }
}
