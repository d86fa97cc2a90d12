using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The tables of sums in the form that a test names.</summary>
internal static class SumTablesForms
{
    /// <summary>All forms. The form of the product decides which of them is used, not a choice here.</summary>
    public static Form[] All { get; } = [Form.Scalar, Form.Lanes128, Form.Lanes256, Form.Lanes512];

    public static void Build(Form form, ReadOnlySpan<float> x, int groups, Span<float> tables, int stride)
    {
        switch (form)
        {
            case Form.Scalar: SumTables.BuildScalar(x, groups, tables, stride); break;
            case Form.Lanes128: SumTables.Build<Vector128<float>, Lanes128>(x, groups, tables, stride); break;
            case Form.Lanes256: SumTables.Build<Vector256<float>, Lanes256>(x, groups, tables, stride); break;
            case Form.Lanes512: SumTables.Build<Vector512<float>, Lanes512>(x, groups, tables, stride); break;
            default: throw new ArgumentOutOfRangeException(nameof(form));
        }
    }
}
