using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The update in the form that a test names.</summary>
internal static class LatentUpdateForms
{
    public static (int Flips, double L1) Run<TRule>(Form form, TRule rule, Span<float> values, Span<float> before, float bound)
        where TRule : struct, IUpdateRule, allows ref struct => form switch
        {
            Form.Scalar => LatentUpdate.RunScalar(rule, values, before, bound),
            Form.Lanes128 => LatentUpdate.Run<TRule, Vector128<float>, Lanes128>(rule, values, before, bound),
            Form.Lanes256 => LatentUpdate.Run<TRule, Vector256<float>, Lanes256>(rule, values, before, bound),
            Form.Lanes512 => LatentUpdate.Run<TRule, Vector512<float>, Lanes512>(rule, values, before, bound),
            _ => LatentUpdate.Run(rule, values, before, bound),
        };
}
