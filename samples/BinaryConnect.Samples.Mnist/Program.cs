using BinaryConnect.Samples.Mnist;

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
