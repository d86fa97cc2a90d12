using BinaryConnect.Tests.Support;

namespace BinaryConnect.Fuzz.Idx;

/// <summary>A valid IDX file, and the file of labels or examples that belongs to it, if any.</summary>
internal sealed class IdxOriginal
{
    /// <summary>The number of classes of all labels.</summary>
    public const int Classes = 10;

    private IdxOriginal(string name, byte[] plain, byte[]? otherHalf, bool isLabels)
    {
        Name = name;
        Plain = plain;
        OtherHalf = otherHalf;
        IsLabels = isLabels;
    }

    public string Name { get; }

    public byte[] Plain { get; }

    /// <summary>The labels of examples, the examples of labels.</summary>
    public byte[]? OtherHalf { get; }

    public bool IsLabels { get; }

    /// <summary>Small files, for damage to reach every part of them.</summary>
    public static IdxOriginal[] Small { get; } =
    [
        .. Pair("small", [5, 3, 4]),
        .. Pair("flat", [60, 1]),
        .. Pair("digits", [20, 28, 28]),
        new IdxOriginal("scalar", IdxBytes.Of([], [42]), null, false),
        new IdxOriginal("nothing", IdxBytes.Of([0], []), null, false),
        new IdxOriginal("nothing of three dimensions", IdxBytes.Of([4, 0, 3], []), null, false),
        new IdxOriginal("five dimensions", IdxBytes.Counting(2, 3, 1, 2, 3), null, false),
        new IdxOriginal("255 dimensions", IdxBytes.Counting([.. Enumerable.Repeat(1U, 255)]), null, false),
    ];

    /// <summary>Files that unpack to more than the reader's first buffers hold.</summary>
    public static IdxOriginal[] Large { get; } =
    [
        new IdxOriginal("3 million zeros", IdxBytes.Of([3, 1000, 1000], new byte[3_000_000]), null, false),
        new IdxOriginal("2.1 million values", IdxBytes.Counting(2_100_000), null, false),
    ];

    private static IdxOriginal[] Pair(string name, uint[] dimensions)
    {
        var random = new Random(1);
        byte[] values = new byte[dimensions.Aggregate(1, (product, size) => product * (int)size)];
        byte[] labels = new byte[dimensions[0]];
        random.NextBytes(values);
        for (int i = 0; i < values.Length; i++) values[i] = i % 5 < 3 ? (byte)0 : values[i];
        for (int i = 0; i < labels.Length; i++) labels[i] = (byte)random.Next(Classes);
        byte[] examplesFile = IdxBytes.Of(dimensions, values), labelsFile = IdxBytes.Of([dimensions[0]], labels);
        return
        [
            new IdxOriginal($"{name} examples", examplesFile, labelsFile, isLabels: false),
            new IdxOriginal($"{name} labels", labelsFile, examplesFile, isLabels: true),
        ];
    }
}
