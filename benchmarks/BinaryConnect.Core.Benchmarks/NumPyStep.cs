using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// The tutorial's step in NumPy: numpy_step.py in its own process, on one thread. It takes the requested number of
/// steps and answers with the loss of the last one.
/// </summary>
internal sealed class NumPyStep : IDisposable
{
    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"];

    private readonly Process _process;

    private NumPyStep(Process process, string description)
    {
        _process = process;
        Description = description;
    }

    /// <summary>The versions in use.</summary>
    public string Description { get; }

    /// <summary>
    /// Starts the process, with the batch [128, 784] and the latent weights [10, 784]. Labels are 0 to 9 in a cycle.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Python, NumPy or an optimized BLAS is missing; the message says which.
    /// </exception>
    public static NumPyStep Start(ReadOnlySpan<float> features, ReadOnlySpan<float> weights)
    {
        string failures = "";
        foreach (string interpreter in Interpreters)
        {
            if (Start(interpreter, features, weights, out string answer) is { } process) return new NumPyStep(process, answer);
            failures += $"\n{interpreter}: {answer}";
        }

        throw new InvalidOperationException(
            "The NumPy peer needs Python 3 with NumPy and an optimized BLAS; on Debian or Ubuntu: " +
            $"apt-get install python3-numpy libopenblas0-pthread. Tried:{failures}");
    }

    /// <summary>Takes <paramref name="steps"/> steps and returns the loss of the last one.</summary>
    public double Run(int steps)
    {
        _process.StandardInput.WriteLine(steps);
        _process.StandardInput.Flush();
        string? loss = _process.StandardOutput.ReadLine();
        return loss is null
            ? throw new InvalidOperationException($"NumPy ended: {_process.StandardError.ReadToEnd()}")
            : double.Parse(loss, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    // The answer is the script's description of itself. If null is returned, it is the reason why the script does not
    // run.
    private static Process? Start(
        string interpreter, ReadOnlySpan<float> features, ReadOnlySpan<float> weights, out string answer)
    {
        Process process;
        try
        {
            process = Process.Start(Command(interpreter))!;
        }
        catch (Win32Exception exception)
        {
            answer = exception.Message;
            return null;
        }

        try
        {
            process.StandardInput.BaseStream.Write(MemoryMarshal.AsBytes(features));
            process.StandardInput.BaseStream.Write(MemoryMarshal.AsBytes(weights));
            process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // The process ended before it read all; its last line of errors has the reason.
        }

        if (process.StandardOutput.ReadLine() is { } description)
        {
            answer = description;
            return process;
        }

        answer = process.StandardError.ReadToEnd().Trim().Split('\n')[^1];
        process.Dispose();
        return null;
    }

    private static ProcessStartInfo Command(string interpreter)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "numpy_step.py"), "--serve"];
        var command = new ProcessStartInfo(interpreter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Environment["OPENBLAS_NUM_THREADS"] = "1";
        command.Environment["MKL_NUM_THREADS"] = "1";
        command.Environment["OMP_NUM_THREADS"] = "1";

        // Each of these may force OpenBLAS to kernels slower than those made for this machine.
        command.Environment.Remove("OPENBLAS_CORETYPE");
        command.Environment.Remove("OPENBLAS_L2_SIZE");
        return command;
    }
}
