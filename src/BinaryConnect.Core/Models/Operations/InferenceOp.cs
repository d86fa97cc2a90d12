namespace BinaryConnect.Models.Operations;

/// <summary>
/// One operation of a network at test time, on rows of values. Layers describe themselves by these
/// (<see cref="Layers.Layer.TryExport"/>), so that packers and exporters need to know no layer.
/// </summary>
public abstract record InferenceOp;
