using BinaryConnect.Data;

namespace BinaryConnect.Tests.Support;

/// <summary>The real data, read once for all tests.</summary>
internal static class MnistData
{
    public static readonly string Folder = Repository.PathOf("samples", "data", "mnist");

    private static readonly Lazy<Mnist> Lazily = new(() => Mnist.Load(Folder));

    public static Mnist Tutorial => Lazily.Value;
}
