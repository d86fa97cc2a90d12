using System.Numerics;
using System.Numerics.Tensors;
using BinaryConnect.Files;

namespace BinaryConnect.Inference.Import;

/// <summary>Reads the values of a tensor as floats, one after the other.</summary>
/// <param name="stream">Its bytes.</param>
/// <param name="type">Their type.</param>
internal sealed class TensorValues(Stream stream, DataType type)
{
    private const int BlockLength = 1 << 12;

    /// <summary>Reads the next values.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public void Read(Span<float> values)
    {
        switch (type.Name)
        {
            case "F32": RawBytes.Read(stream, values); break;
            case "F64": Convert<double>(values); break;
            case "F16": Convert<Half>(values); break;
            case "I64": Convert<long>(values); break;
            case "I32": Convert<int>(values); break;
            case "I8": Convert<sbyte>(values); break;
            case "U64": Convert<ulong>(values); break;
            case "U32": Convert<uint>(values); break;
            default: Convert<byte>(values); break;
        }
    }

    private void Convert<T>(Span<float> values)
        where T : unmanaged, INumberBase<T>
    {
        T[] block = new T[Math.Min(BlockLength, values.Length)];
        for (int length; values.Length > 0; values = values[length..])
        {
            length = Math.Min(block.Length, values.Length);
            RawBytes.Read(stream, block.AsSpan(0, length));
            TensorPrimitives.ConvertTruncating<T, float>(block.AsSpan(0, length), values);
        }
    }
}
