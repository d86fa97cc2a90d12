using System.IO.Compression;
using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Fuzz.Idx;

/// <summary>IDX files, plain and packed, read through every door of <see cref="IdxReader"/>.</summary>
internal sealed class IdxTarget : IFuzzTarget<IdxMutant, IdxContent>, IDisposable
{
    // One mutant in this many is of a file of megabytes.
    private const int LargeEvery = 2000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public IdxMutant Make(Random random)
    {
        IdxOriginal[] originals = random.Next(LargeEvery) == 0 ? IdxOriginal.Large : IdxOriginal.Small;
        IdxOriginal original = originals[random.Next(originals.Length)];
        bool isPacked = random.Next(5) < 3, isWhole = false, mustBeRefused = false;
        byte[] plain = original.Plain;
        string change = "";
        if (random.Next(isPacked ? 8 : 2) == 0) plain = IdxChanges.Apply(random, plain, out change);

        byte[] whole = plain, content = isPacked ? Packed(random, ref plain, ref change, ref isWhole, ref mustBeRefused) : plain;
        // Members left out or repeated get no more damage, which could undo that.
        if ((change.Length == 0 && !isWhole) || (random.Next(5) == 0 && plain.AsSpan().SequenceEqual(whole)))
        {
            isWhole = mustBeRefused = false;
            content = ByteChanges.Apply(random, content, OtherFile(random, plain, isPacked), out string bytes);
            change = $"{change}; {bytes}";
        }

        return new IdxMutant
        {
            Content = content,
            Change = $"{original.Name}, {(isPacked ? "packed" : "plain")}: {change}",
            Plain = isPacked ? plain : content,
            IsWhole = isWhole || !isPacked,
            MustBeRefused = mustBeRefused,
            IsPacked = isPacked,
            Original = original,
            Door = Door(random, original),
            MostAtOnce = random.Next(3) == 0 ? 1 + random.Next(16) : 1 + random.Next(20_000),
        };
    }

    public IdxContent Read(IdxMutant mutant)
    {
        switch (mutant.Door)
        {
            case IdxDoor.Seekable: return new IdxContent(IdxReader.Read(new MemoryStream(mutant.Content)), null);
            case IdxDoor.ForwardOnly:
                return new IdxContent(IdxReader.Read(new ForwardOnlyStream(mutant.Content, mutant.MostAtOnce)), null);
            case IdxDoor.File: return new IdxContent(IdxReader.Read(_folder.Write("mutant", mutant.Content)), null);
            default:
                string path = _folder.Write("mutant", mutant.Content);
                string other = _folder.Write("other", mutant.Original.OtherHalf!);
                return new IdxContent(null, mutant.Original.IsLabels
                    ? IdxReader.ReadDataset(other, path, IdxOriginal.Classes)
                    : IdxReader.ReadDataset(path, other, IdxOriginal.Classes));
        }
    }

    public string? FaultOf(IdxMutant mutant, IdxContent result)
    {
        if (mutant.MustBeRefused) return "it was read, though its end or a checksum is wrong.";
        if (IdxContent.Dimensions(mutant.Plain) is not { } dimensions) return "it was read, though no IDX file is there.";
        return result.Array is { } array
            ? IdxContent.FaultOf(array, mutant.Plain, dimensions)
            : IdxContent.FaultOf(result.Dataset!, mutant, dimensions);
    }

    // Every file can be read here, so an IOException is a fault.
    public string? FaultOf(IdxMutant mutant, Exception refusal)
    {
        if (refusal is not InvalidDataException) return $"it was refused by an exception that is not documented: {refusal}";
        bool isValid = mutant.IsWhole && IdxContent.Dimensions(mutant.Plain) is not null;
        if (isValid && (mutant.Door != IdxDoor.Dataset || mutant.Plain.AsSpan().SequenceEqual(mutant.Original.Plain)))
            return $"it was refused, though nothing is wrong: {refusal.Message}";
        return refusal.Message.Length < 2000 ? null : $"its message has {refusal.Message.Length} characters.";
    }

    public long UnpackedLength(IdxMutant mutant)
    {
        if (!mutant.IsPacked) return mutant.Content.Length;
        long length = 0;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(mutant.Content), CompressionMode.Decompress);
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = gzip.Read(buffer)) > 0; length += read)
            {
            }
        }
        catch (InvalidDataException)
        {
        }

        return length;
    }

    private static IdxDoor Door(Random random, IdxOriginal original) => random.Next(10) switch
    {
        0 when original.OtherHalf is not null => IdxDoor.Dataset,
        1 => IdxDoor.File,
        < 6 => IdxDoor.Seekable,
        _ => IdxDoor.ForwardOnly,
    };

    private static byte[] Packed(
        Random random, ref byte[] plain, ref string change, ref bool isWhole, ref bool mustBeRefused)
    {
        List<GzipMember> members = GzipChanges.Pack(random, plain);
        if (random.Next(10) == 0)
        {
            isWhole = true;
            change += "; packed";
            return GzipChanges.ToArray(members);
        }

        if (random.Next(3) == 0) return GzipChanges.ToArray(members);
        byte[] content = GzipChanges.Damage(random, members, out string part, out plain, out mustBeRefused);
        change = $"{change}; {part}";
        return content;
    }

    // Packed files are spliced with packings of the same content: whole members of another file would rightly be read.
    private static byte[] OtherFile(Random random, byte[] plain, bool isPacked) => isPacked
        ? GzipChanges.ToArray(GzipChanges.Pack(random, plain))
        : IdxOriginal.Small[random.Next(IdxOriginal.Small.Length)].Plain;
}
