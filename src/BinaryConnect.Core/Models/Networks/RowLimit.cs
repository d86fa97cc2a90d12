using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Models.Networks;

/// <summary>How many rows of a batch a model can take before a length no longer fits one buffer.</summary>
internal static class RowLimit
{
    /// <summary>
    /// The most rows of a batch, at least 1: their logits, and what the model itself keeps of them, fit one buffer
    /// each.
    /// </summary>
    public static int Of(IModel model)
    {
        int ofLogits = AlignedBuffer.MostLength / Math.Max(1, model.ClassCount);
        int ofModel = model is ILimitsRows limited ? limited.MostRows : int.MaxValue;
        return Math.Max(1, Math.Min(ofLogits, ofModel));
    }
}
