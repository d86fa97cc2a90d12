using BinaryConnect.Files;

namespace BinaryConnect.Tests.Files;

internal sealed class DataTypeTests
{
    [Test]
    public void Types_are_found_by_what_they_are_here()
    {
        Assert.That(DataType.Of<double>(), Is.EqualTo(new DataType("F64", 8, typeof(double))));
        Assert.That(DataType.Of<float>(), Is.EqualTo(new DataType("F32", 4, typeof(float))));
        Assert.That(DataType.Of<long>(), Is.EqualTo(new DataType("I64", 8, typeof(long))));
        Assert.That(DataType.Of<int>(), Is.EqualTo(new DataType("I32", 4, typeof(int))));
        Assert.That(DataType.Of<ulong>(), Is.EqualTo(new DataType("U64", 8, typeof(ulong))));
        Assert.That(DataType.Of<uint>(), Is.EqualTo(new DataType("U32", 4, typeof(uint))));
        Assert.That(DataType.Of<byte>(), Is.EqualTo(new DataType("U8", 1, typeof(byte))));
        Assert.That(DataType.Names, Is.EqualTo("F64, F32, F16, I64, I32, I8, U64, U32, U8"));
    }

    [Test]
    public void Another_type_is_refused_with_those_there_are() =>
        Assert.That(DataType.Of<decimal>, Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(
            "A tensor's values are of Decimal; they must be one of "
            + "Double, Single, Half, Int64, Int32, SByte, UInt64, UInt32, Byte."));
}
