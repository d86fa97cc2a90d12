namespace BinaryConnect.Inference.Export;

/// <summary>The C99 source of a model, made by <see cref="CSourceExporter"/>.</summary>
/// <param name="Name">The name of the files, and of <c>int NAME_predict(const uint8_t *)</c>.</param>
/// <param name="Code">The content of NAME.c.</param>
/// <param name="Header">The content of NAME.h.</param>
/// <param name="Test">The content of NAME_test.c: test vectors, and a <c>main</c> that compares their classes.</param>
/// <param name="WeightBytes">The bytes of constants for weights.</param>
/// <param name="OtherBytes">The bytes of other constants, such as thresholds.</param>
/// <param name="StackBytes">The bytes of arrays on the stack, the input and saved registers left out.</param>
/// <param name="UsesFloats">Whether the code computes with floating point.</param>
public sealed record CSource(
    string Name, string Code, string Header, string Test, long WeightBytes, long OtherBytes, long StackBytes, bool UsesFloats);
