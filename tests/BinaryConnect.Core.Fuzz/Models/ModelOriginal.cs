namespace BinaryConnect.Fuzz.Models;

/// <summary>A file that the library wrote.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record ModelOriginal(string Name, byte[] Content);
