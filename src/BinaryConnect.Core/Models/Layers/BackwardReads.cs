namespace BinaryConnect.Models.Layers;

/// <summary>
/// Which values of the forward pass a layer's <see cref="Layer.Backward"/> reads; the network keeps these.
/// </summary>
[Flags]
public enum BackwardReads
{
    /// <summary>Neither input nor output.</summary>
    None = 0,

    /// <summary><see cref="LayerPass.Input"/>.</summary>
    Input = 1,

    /// <summary><see cref="LayerPass.Output"/>.</summary>
    Output = 2,

    /// <summary>
    /// Of <see cref="LayerPass.Output"/> no more than which values are above 0, and that only where
    /// <see cref="LayerPass.OutputGradient"/> is not 0.
    /// </summary>
    OutputSigns = 4,
}
