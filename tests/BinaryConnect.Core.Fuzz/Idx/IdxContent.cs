using System.Buffers.Binary;
using BinaryConnect.Data;

namespace BinaryConnect.Fuzz.Idx;

/// <summary>The content that the library read, and a short IDX reader to compare it with.</summary>
internal sealed record IdxContent(IdxArray? Array, Dataset? Dataset)
{
    private const uint MostValues = 0x7FFFFFC7;

    /// <summary>The sizes of a valid IDX file; null for any other.</summary>
    public static int[]? Dimensions(byte[] file)
    {
        if (file.Length < 4 || file[0] != 0 || file[1] != 0 || file[2] != 8 || file.Length < 4 + 4 * file[3]) return null;
        int[] dimensions = new int[file[3]];
        UInt128 product = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(4 + 4 * i));
            product *= size;
            if (size > MostValues || product > MostValues) return null;
            dimensions[i] = (int)size;
        }

        return product == (UInt128)(file.Length - 4 - 4 * dimensions.Length) ? dimensions : null;
    }

    /// <summary>Says what is wrong with an array read from a file of the given sizes; null for nothing.</summary>
    public static string? FaultOf(IdxArray array, byte[] plain, int[] dimensions)
    {
        if (!array.Dimensions.SequenceEqual(dimensions))
            return $"its sizes are [{string.Join(", ", array.Dimensions)}], not [{string.Join(", ", dimensions)}].";
        return array.Values.Span.SequenceEqual(Values(plain)) ? null : "its values are not those of the file.";
    }

    /// <summary>Says what is wrong with a data set read from a file of the given sizes and its intact half.</summary>
    public static string? FaultOf(Dataset data, IdxMutant mutant, int[] dimensions)
    {
        bool isLabels = mutant.Original.IsLabels;
        byte[] otherHalf = mutant.Original.OtherHalf!;
        ReadOnlySpan<byte> features = Values(isLabels ? otherHalf : mutant.Plain);
        ReadOnlySpan<byte> classes = Values(isLabels ? mutant.Plain : otherHalf);
        if (isLabels ? dimensions.Length != 1 : dimensions.Length < 2)
            return $"a file of {dimensions.Length} dimensions was taken.";
        if (data.Count != classes.Length || data.Count != dimensions[0])
            return $"it has {data.Count} rows, not {classes.Length}.";
        if ((long)data.Count * data.FeatureCount != features.Length) return $"it has {data.FeatureCount} features.";
        if (!data.Bytes.SequenceEqual(features)) return "its features are not those of the file.";
        for (int i = 0; i < classes.Length; i++)
        {
            int label = data.Labels[i];
            if (label != classes[i] || label >= IdxOriginal.Classes)
                return $"label {i} is {label}; in the file it is {classes[i]}.";
        }

        return null;
    }

    private static ReadOnlySpan<byte> Values(byte[] file) => file.AsSpan(4 + 4 * file[3]);
}
