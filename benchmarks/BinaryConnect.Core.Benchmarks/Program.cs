using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using BinaryConnect.Benchmarks;

// --widths is this program's own: each benchmark in registers of 512, 256 and 128 bits, and in none.
List<string> arguments = [.. args];
IConfig? config = arguments.Remove("--widths") ? RegisterWidths.Config(arguments) : null;
BenchmarkSwitcher.FromAssembly(typeof(RegisterWidths).Assembly).Run([.. arguments], config);
