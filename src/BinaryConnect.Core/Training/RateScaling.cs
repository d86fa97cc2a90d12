namespace BinaryConnect.Training;

/// <summary>
/// The factor of the rate of connection weights. c is <see cref="Models.Parameter.GlorotCoefficient"/> (paper, section
/// 2.5).
/// </summary>
public enum RateScaling
{
    /// <summary>1.</summary>
    None,

    /// <summary>1/c, the paper's choice with Adam.</summary>
    InverseGlorot,

    /// <summary>1/c², the paper's choice with SGD and Nesterov momentum.</summary>
    InverseGlorotSquared,
}
