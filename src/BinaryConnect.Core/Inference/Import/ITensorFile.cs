namespace BinaryConnect.Inference.Import;

/// <summary>A file of tensors by name.</summary>
internal interface ITensorFile : IDisposable
{
    /// <summary>What the file says of a tensor. No memory is taken for its values.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or it is damaged.</exception>
    ImportedTensor Tensor(string name);

    /// <summary>
    /// Gives the bytes of its values, after a check that all of them are there. The next call ends the stream.
    /// </summary>
    /// <exception cref="InvalidDataException">They are not, or are damaged.</exception>
    Stream Open(ImportedTensor tensor);

    /// <summary>An exception that names the file and a fault of it.</summary>
    InvalidDataException Fault(string what);
}
