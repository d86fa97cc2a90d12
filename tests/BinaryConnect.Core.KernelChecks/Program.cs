using BinaryConnect.KernelChecks;

// Every kernel in every form against its scalar form, its memory between forbidden pages. Compiled ahead of time, it tells
// what the kernels are on a machine without a JIT. BINARYCONNECT_EXPECTED_ISA, as in "Vector512=False Avx2=True", is checked too.
Console.WriteLine(InstructionSets.Describe());
var report = new Report();
if (Environment.GetEnvironmentVariable("BINARYCONNECT_EXPECTED_ISA") is { } expected)
    report.Count("instruction sets", InstructionSets.Differ(expected));

LaneSumsChecks.Run(report);
PrefetchChecks.Run(report);
FiniteChecks.Run(report);
ByteInputsChecks.Run(report);
RowsChecks.Run(report);
TranspositionChecks.Run(report);
SignsChecks.Run(report);
LatentUpdateChecks.Run(report);
SoftmaxChecks.Run(report);
SoftmaxColumnsChecks.Run(report);
SoftmaxRowChecks.Run(report);
ExponentialChecks.Run(report);
PhiloxChecks.Run(report);
StochasticSignsChecks.Run(report);
NegligibleChecks.Run(report);
RectifierChecks.Run(report);
DropoutMaskChecks.Run(report);
FloatProductChecks.Run(report);
FloatProductOfBytesChecks.Run(report);
NonzeroPiecesChecks.Run(report);
PieceTilesChecks.Run(report);
SignBytesChecks.Run(report);
ByteProductChecks.Run(report);
SignPiecesChecks.Run(report);
LargestSumsChecks.Run(report);
SignPackingChecks.Run(report);
SignTablesChecks.Run(report);
SignTilesChecks.Run(report);
SignProductChecks.Run(report);
ProductPanelsChecks.Run(report);
ProductTileChecks.Run(report);
BlockedProductChecks.Run(report);
SignMasksChecks.Run(report);
SignLanesArm64Checks.Run(report);
SignColumnsChecks.Run(report);
SignOrderChecks.Run(report);

Console.WriteLine($"{report.Passed} passed, {report.Failed} failed");
return report.Failed == 0 ? 0 : 1;
