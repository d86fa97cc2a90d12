namespace BinaryConnect.Files;

/// <summary>Holds what a header claims of its tensors against each other and against the bytes that are there.</summary>
internal static class TensorLayout
{
    /// <summary>
    /// Throws unless each tensor takes as many bytes as its type and shape ask for, and all together cover the data from its first
    /// byte to its last, none of them twice.
    /// </summary>
    /// <exception cref="InvalidDataException">They do not; the message starts with <paramref name="file"/>.</exception>
    public static void Check(IReadOnlyList<TensorEntry> tensors, long dataLength, string file)
    {
        foreach (TensorEntry tensor in tensors) CheckSize(tensor, file);
        long end = 0;
        string before = "";
        foreach (TensorEntry tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin < end)
                throw new InvalidDataException($"{file}: tensor '{tensor.Name}' begins at byte {tensor.Begin:N0} of the data; tensor '{before}' ends at {end:N0}, and no two may share a byte.");
            if (tensor.Begin > end)
                throw new InvalidDataException($"{file}: tensor '{tensor.Name}' begins at byte {tensor.Begin:N0} of the data; it must begin at {end:N0}, where the one before it ends.");
            end = tensor.End;
            before = tensor.Name;
        }

        if (end != dataLength) throw new InvalidDataException($"{file}: {dataLength:N0} bytes follow its header; its tensors take {end:N0}.");
    }

    private static void CheckSize(TensorEntry tensor, string file)
    {
        if (tensor.End < tensor.Begin)
            throw new InvalidDataException($"{file}: tensor '{tensor.Name}' ends at byte {tensor.End:N0} of the data; it must not end before it begins, at {tensor.Begin:N0}.");
        string claim = $"shape {Shape.Text(tensor.Shape)} of {tensor.Type.Name}";
        if (!Shape.TryCount([.. tensor.Shape, tensor.Type.Size], out long length))
            throw new InvalidDataException($"{file}: tensor '{tensor.Name}' has {claim}; its size must be at most {long.MaxValue:N0} bytes.");
        if (tensor.End - tensor.Begin != length)
            throw new InvalidDataException($"{file}: tensor '{tensor.Name}' has {tensor.End - tensor.Begin:N0} bytes; its {claim} takes {length:N0}.");
    }
}
