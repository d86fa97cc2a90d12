namespace BinaryConnect.KernelChecks;

/// <summary>Which end of a span lies against a page that nobody may touch.</summary>
internal enum Side
{
    Start,
    End,
}
