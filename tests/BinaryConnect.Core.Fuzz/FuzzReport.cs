using System.Globalization;

namespace BinaryConnect.Fuzz;

/// <summary>The result of a run of mutants.</summary>
internal sealed class FuzzReport
{
    public long Refused { get; set; }

    public long Accepted { get; set; }

    public long Failures { get; set; }

    /// <summary>The first failure, with the arguments that repeat it; null where there is none.</summary>
    public string? FirstFailure { get; set; }

    /// <summary>The most memory that reading one mutant allocated, in bytes.</summary>
    public long MostMemory { get; set; }

    /// <summary>One line that a script can read.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Refused + Accepted} mutants: {Refused} refused, {Accepted} accepted, {Failures} failed; "
        + $"most memory {MostMemory} bytes");
}
