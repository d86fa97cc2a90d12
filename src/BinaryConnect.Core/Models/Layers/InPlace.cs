namespace BinaryConnect.Models.Layers;

/// <summary>Which results of a layer may take the memory of what they are computed from.</summary>
[Flags]
public enum InPlace
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="LayerPass.Output"/> may be the memory of <see cref="LayerPass.Input"/>.</summary>
    Forward = 1,

    /// <summary>
    /// <see cref="LayerPass.InputGradient"/> may be the memory of <see cref="LayerPass.OutputGradient"/>.
    /// </summary>
    Backward = 2,

    /// <summary>
    /// Of a layer that works in place forward: an output above 0 has an input above 0, and where another output takes
    /// the place of an input above 0, the layer's input gradient is 0 there.
    /// </summary>
    KeepsSigns = 4,
}
