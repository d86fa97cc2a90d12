namespace BinaryConnect.Onnx.Tests;

/// <summary>The checker of the package onnx accepts every form.</summary>
internal sealed class CheckerTests
{
    private const string Program = """
        import sys, onnx
        for path in sys.argv[1:]:
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            shape = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph.output[0].type.tensor_type.shape
            sizes = [d.dim_param or d.dim_value for d in shape.dim]
            opset = [f"{o.domain}:{o.version}" for o in model.opset_import]
            bipolar = sum((n.domain, n.op_type) == ("qonnx.custom_op.general", "BipolarQuant") for n in model.graph.node)
            print(model.ir_version, *opset, *sizes, bipolar)
        """;

    // One for the weights of each layer, and one for each activation of signs.
    private static readonly Dictionary<string, int> BipolarQuants = new()
    {
        ["logistic"] = 1,
        ["relu"] = 3,
        ["signs"] = 5,
        ["real"] = 0,
    };

    [Test]
    public void The_checker_accepts_every_form()
    {
        string python = Python.With("onnx");
        using var folder = new TemporaryFolder();
        List<string> files = [], expected = [];
        foreach (string name in new[] { "logistic", "relu", "signs", "bytes", "real" })
        {
            foreach (OnnxForm form in Enum.GetValues<OnnxForm>())
            {
                if (name == "bytes" && form == OnnxForm.Qonnx) continue;
                foreach (OnnxInput input in Enum.GetValues<OnnxInput>())
                {
                    string file = folder.PathOf($"{name}-{form}-{input}.onnx");
                    TrainedModels.Of(name).SaveOnnx(file, new OnnxExportOptions { Form = form, Input = input });
                    files.Add(file);
                    int bipolar = form == OnnxForm.Qonnx ? BipolarQuants[name] : 0;
                    expected.Add($"8 :13 {(bipolar > 0 ? "qonnx.custom_op.general:1 " : "")}rows 10 {bipolar}");
                }
            }
        }

        string output = Command.Succeed(folder.Path, python, ["-c", Program, .. files]);

        Assert.That(output.Trim().ReplaceLineEndings("\n").Split('\n'), Is.EqualTo(expected));
    }
}
