namespace BinaryConnect.Fuzz.Idx;

/// <summary>Packs content in a random way, and damages parts of the gzip format.</summary>
internal static class GzipChanges
{
    /// <summary>Packs into one or more valid members. The library must read the result.</summary>
    public static List<GzipMember> Pack(Random random, byte[] content)
    {
        var members = new List<GzipMember>();
        int count = random.Next(3) == 0 ? 1 + random.Next(5) : 1, start = 0;
        for (int i = 1; i <= count; i++)
        {
            int end = i == count ? content.Length : random.Next(start, content.Length + 1);
            members.Add(GzipMember.Of(random, content.AsSpan(start..end)));
            start = end;
        }

        foreach (GzipMember member in members)
        {
            if (random.Next(4) != 0) continue;
            member.Time = ByteChanges.Word(random);
            (member.ExtraFlags, member.System) = ((byte)random.Next(256), (byte)random.Next(256));
            member.SetFields(random, (byte)random.Next(32));
        }

        return members;
    }

    public static byte[] ToArray(IEnumerable<GzipMember> members) => [.. members.SelectMany(member => member.ToArray())];

    /// <summary>Damages a field, or a member as a whole. <paramref name="plain"/> is the content after that.</summary>
    /// <remarks><paramref name="mustBeRefused"/> is true for wrong checksums, and for bytes after a member.</remarks>
    public static byte[] Damage(
        Random random, List<GzipMember> members, out string change, out byte[] plain, out bool mustBeRefused)
    {
        int index = random.Next(members.Count);
        GzipMember member = members[index];
        byte[] following = [];
        int kind = random.Next(20), count = 1 + random.Next(random.Next(2) == 0 ? 12 : 300);
        change = $"part {kind} of member {index}";
        mustBeRefused = kind is 4 or 8 or >= 17;
        switch (kind)
        {
            case 0: member.Method = (byte)random.Next(256); break;
            case 1: member.Flags ^= (byte)(1 << random.Next(8)); break;
            case 2: member.Flags = (byte)random.Next(256); break;
            case 3: DamageFields(random, member); break;
            case 4: member.Crc ^= 1U << random.Next(32); break;
            case 5: member.Crc = ByteChanges.Word(random); break;
            case 6: member.Length = ByteChanges.Word(random); break;
            case 7: (member.Crc, member.Length) = (member.Length, member.Crc); break;
            case 8: member.TrailerBytes = random.Next(8); break;
            case 9: member.Body = member.Body[..Math.Max(0, member.Body.Length - count)]; break;
            case 10: LoseBytes(random, member, count); break;
            case 11: member.Body = [.. member.Body, .. ByteChanges.Bytes(random)]; break;
            case 12: member.Body = DeflateBody.Stored(member.Body, random.Next(65536)); break;
            case 13: member.Body[0] |= 6; break;
            case 14: members.RemoveAt(index); break;
            case 15: members.Insert(random.Next(members.Count + 1), member); break;
            case 16: members.Reverse(); break;
            case 17: following = new byte[count]; break;
            case 18: following = ByteChanges.Bytes(random); break;
            default: following = Begun(random, member, count); break;
        }

        plain = [.. members.SelectMany(one => one.Content)];
        return [.. ToArray(members), .. following];
    }

    private static void LoseBytes(Random random, GzipMember member, int count)
    {
        int at = random.Next(member.Body.Length);
        member.Body = [.. member.Body.AsSpan(0, at), .. member.Body.AsSpan(Math.Min(member.Body.Length, at + count))];
    }

    private static void DamageFields(Random random, GzipMember member)
    {
        member.SetFields(random, (byte)(member.Flags | 1 + random.Next(31)));
        if (member.Fields.Length == 0) return;
        if (random.Next(2) == 0) member.Fields[random.Next(member.Fields.Length)] ^= (byte)(1 << random.Next(8));
        else member.Fields = member.Fields[..random.Next(member.Fields.Length)];
    }

    // A member that stops somewhere, most often in its header.
    private static byte[] Begun(Random random, GzipMember member, int count)
    {
        byte[] bytes = member.ToArray();
        return bytes[..Math.Min(bytes.Length - 1, random.Next(2) == 0 ? 1 + random.Next(18) : count)];
    }
}
