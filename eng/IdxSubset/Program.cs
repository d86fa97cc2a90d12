using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

// Writes the first rows of an IDX file of bytes to another file, both packed by gzip. The arguments are FROM TO ROWS.
if (args.Length != 3 || !int.TryParse(args[2], NumberStyles.None, CultureInfo.InvariantCulture, out int rows))
    return Refuse("The arguments are 'FROM TO ROWS'.");
using var from = new GZipStream(File.OpenRead(args[0]), CompressionMode.Decompress);
byte[] start = new byte[4];
from.ReadExactly(start);
if (start is not [0, 0, 8, > 0]) return Refuse($"'{args[0]}' begins with {Convert.ToHexString(start)}; it must be IDX of bytes.");
byte[] sizes = new byte[start[3] * sizeof(int)];
from.ReadExactly(sizes);
int there = BinaryPrimitives.ReadInt32BigEndian(sizes);
if (rows > there) return Refuse($"'{args[0]}' has {there:N0} rows; it must have at least {rows:N0}.");

int length = rows;
for (int i = sizeof(int); i < sizes.Length; i += sizeof(int))
    length = checked(length * BinaryPrimitives.ReadInt32BigEndian(sizes.AsSpan(i)));
byte[] values = new byte[length];
from.ReadExactly(values);
BinaryPrimitives.WriteInt32BigEndian(sizes, rows);
using var to = new GZipStream(File.Create(args[1]), CompressionLevel.SmallestSize);
to.Write(start);
to.Write(sizes);
to.Write(values);
return 0;

static int Refuse(string fault)
{
    Console.Error.WriteLine(fault);
    return 2;
}
