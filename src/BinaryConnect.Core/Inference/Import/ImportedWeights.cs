namespace BinaryConnect.Inference.Import;

/// <summary>What the values of a layer's weights are in a file of others.</summary>
public enum ImportedWeights
{
    /// <summary>+H or −H, H &gt; 0 being the same for the whole tensor, mostly 1. Any other value is refused.</summary>
    Signs,

    /// <summary>Real values, of which the layer uses the signs: −1 where w &lt; 0, else +1.</summary>
    LatentSigns,

    /// <summary>Real values that the layer uses as they are, as the first or the last layer may.</summary>
    Real,
}
