namespace BinaryConnect.Fuzz.Idx;

/// <summary>Writes bits as deflate does, the lowest of a byte first.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private int _used = 8;

    /// <summary>Writes a number, its lowest bit first.</summary>
    public void Write(int value, int bits)
    {
        for (int i = 0; i < bits; i++) Bit(value >> i & 1);
    }

    /// <summary>Writes a Huffman code, its highest bit first.</summary>
    public void WriteCode(int code, int bits)
    {
        for (int i = bits - 1; i >= 0; i--) Bit(code >> i & 1);
    }

    /// <summary>Fills the last byte up with zeros, then writes whole bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        _used = 8;
        _bytes.AddRange(bytes);
    }

    public byte[] ToArray() => [.. _bytes];

    private void Bit(int bit)
    {
        if (_used == 8)
        {
            _bytes.Add(0);
            _used = 0;
        }

        _bytes[^1] |= (byte)(bit << _used++);
    }
}
