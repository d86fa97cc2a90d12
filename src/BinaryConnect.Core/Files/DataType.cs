namespace BinaryConnect.Files;

/// <summary>The type of a tensor's values.</summary>
/// <param name="Name">Its name in safetensors files.</param>
/// <param name="Size">The number of bytes of a value.</param>
/// <param name="Element">Its .NET type.</param>
internal sealed record DataType(string Name, int Size, Type Element)
{
    /// <summary>All supported types.</summary>
    public static readonly DataType[] All =
    [
        new("F64", sizeof(double), typeof(double)),
        new("F32", sizeof(float), typeof(float)),
        new("F16", 2, typeof(Half)),
        new("I64", sizeof(long), typeof(long)),
        new("I32", sizeof(int), typeof(int)),
        new("I8", sizeof(sbyte), typeof(sbyte)),
        new("U64", sizeof(ulong), typeof(ulong)),
        new("U32", sizeof(uint), typeof(uint)),
        new("U8", sizeof(byte), typeof(byte)),
    ];

    /// <summary>The names of all types, for messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(type => type.Name));

    /// <summary>The type of values of <typeparamref name="T"/>.</summary>
    public static DataType Of<T>()
        where T : unmanaged =>
        Array.Find(All, type => type.Element == typeof(T))
        ?? throw new NotSupportedException(
            $"A tensor's values are of {typeof(T).Name}; "
            + $"they must be one of {string.Join(", ", All.Select(type => type.Element.Name))}.");
}
