using System.Runtime.InteropServices;
using BinaryConnect.Files;

namespace BinaryConnect.Tests.Support;

/// <summary>A tensor of one of the nine types, its values any bits that its seed gives.</summary>
internal sealed record RandomTensor(string Name, int Type, long[] Shape, int Seed)
{
    private static readonly string[] TypeNames = ["F64", "F32", "I64", "I32", "U64", "U32", "U8", "F16", "I8"];

    public void AddTo(SafetensorsWriter writer)
    {
        switch (TypeNames[Type])
        {
            case "F64": writer.Add<double>(Name, Shape, Values<double>()); break;
            case "F32": writer.Add<float>(Name, Shape, Values<float>()); break;
            case "F16": writer.Add<Half>(Name, Shape, Values<Half>()); break;
            case "I64": writer.Add<long>(Name, Shape, Values<long>()); break;
            case "I32": writer.Add<int>(Name, Shape, Values<int>()); break;
            case "I8": writer.Add<sbyte>(Name, Shape, Values<sbyte>()); break;
            case "U64": writer.Add<ulong>(Name, Shape, Values<ulong>()); break;
            case "U32": writer.Add<uint>(Name, Shape, Values<uint>()); break;
            default: writer.Add<byte>(Name, Shape, Values<byte>()); break;
        }
    }

    /// <summary>Whether a file has this tensor, bit by bit.</summary>
    public bool IsIn(SafetensorsReader reader) => reader.Tensor(Name).Type.Name == TypeNames[Type] && TypeNames[Type] switch
    {
        "F64" => Reads<double>(reader),
        "F32" => Reads<float>(reader),
        "F16" => Reads<Half>(reader),
        "I64" => Reads<long>(reader),
        "I32" => Reads<int>(reader),
        "I8" => Reads<sbyte>(reader),
        "U64" => Reads<ulong>(reader),
        "U32" => Reads<uint>(reader),
        _ => Reads<byte>(reader),
    };

    private bool Reads<T>(SafetensorsReader reader)
        where T : unmanaged
    {
        T[] expected = Values<T>(), values = new T[expected.Length];
        reader.Read(Name, Shape, values.AsSpan());
        return MemoryMarshal.AsBytes(values.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan()));
    }

    private T[] Values<T>()
        where T : unmanaged
    {
        T[] values = new T[Shape.Aggregate(1L, (product, size) => product * size)];
        new Random(Seed).NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
