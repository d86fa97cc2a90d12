using BinaryConnect.Samples.Mnist;
using BinaryConnect.Samples.Mnist.Watching;

Terminal.KeepPlain();
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
