namespace BinaryConnect.KernelChecks;

/// <summary>The end of a span that is against a forbidden page.</summary>
internal enum Side
{
    Start,
    End,
}
