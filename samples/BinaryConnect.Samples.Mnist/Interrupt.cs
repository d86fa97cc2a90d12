using System.Runtime.InteropServices;
using BinaryConnect.Samples.Mnist.Watching;

namespace BinaryConnect.Samples.Mnist;

/// <summary>
/// Ctrl-C and SIGTERM: the first one asks the run to end, which may take a while. A second one ends the process at
/// once.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile int _exitCode = Mnist.ExitCode.Interrupted;

    public Interrupt() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, Mnist.ExitCode.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, Mnist.ExitCode.Terminated)),
    ];

    /// <summary>The first signal cancels this token.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code of a run that a signal ended.</summary>
    public int ExitCode => _exitCode;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context, int exitCode)
    {
        if (_stop.IsCancellationRequested)
        {
            Terminal.ShowCursor();
            return;
        }

        context.Cancel = true;
        _exitCode = exitCode;
        _stop.Cancel();
    }
}
