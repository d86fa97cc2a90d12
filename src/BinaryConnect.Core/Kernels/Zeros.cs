namespace BinaryConnect.Kernels;

/// <summary>What becomes of inputs that are 0, where many of them lie together.</summary>
internal enum Zeros
{
    /// <summary>They are multiplied like any other.</summary>
    AreMultiplied,

    /// <summary>All products leave them out.</summary>
    AreLeftOut,
}
