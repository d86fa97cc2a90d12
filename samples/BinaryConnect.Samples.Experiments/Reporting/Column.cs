namespace BinaryConnect.Samples.Experiments.Reporting;

/// <summary>A column of a table.</summary>
/// <param name="Key">The name in CSV and JSON, such as "test_accuracy".</param>
/// <param name="Header">The name that people read, with its unit.</param>
/// <param name="Format">The format of numbers on the screen and in report.md; files have all digits.</param>
internal sealed record Column(string Key, string Header, string? Format = null);
