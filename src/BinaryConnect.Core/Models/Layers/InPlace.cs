namespace BinaryConnect.Models.Layers;

/// <summary>The results of a layer that may overwrite the values from which they are computed.</summary>
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
    /// For a layer with <see cref="Forward"/>. An output above 0 has an input above 0. If an input above 0 has an
    /// output that is not above 0, the layer's input gradient is 0 there.
    /// </summary>
    KeepsSigns = 4,
}
