namespace BinaryConnect.Onnx.Tests;

/// <summary>Models in each form and with each input, but no 8-bit activations in QONNX, which refuses them.</summary>
internal static class ExportCases
{
    /// <summary>A case is the name of a model, a form and an input.</summary>
    /// <param name="models">The names.</param>
    /// <param name="withBytes">The one whose activations have 8 bits.</param>
    public static IEnumerable<TestCaseData> Of(IEnumerable<string> models, string withBytes) =>
        from model in models
        from form in Enum.GetValues<OnnxForm>()
        where model != withBytes || form != OnnxForm.Qonnx
        from input in Enum.GetValues<OnnxInput>()
        select new TestCaseData(model, form, input);
}
