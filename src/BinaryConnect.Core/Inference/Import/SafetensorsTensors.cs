using BinaryConnect.Files;

namespace BinaryConnect.Inference.Import;

/// <summary>The tensors of a safetensors file, which is checked as a whole when it is opened.</summary>
internal sealed class SafetensorsTensors(SafetensorsReader file) : ITensorFile
{
    public ImportedTensor Tensor(string name)
    {
        TensorEntry tensor = file.Tensor(name);
        return new ImportedTensor(name, tensor.Type, tensor.Shape, IsColumnMajor: false);
    }

    public Stream Open(ImportedTensor tensor) => file.StreamOf(tensor.Name);

    public InvalidDataException Fault(string what) => file.Fault(what);

    public void Dispose() => file.Dispose();
}
