using System.Net;
using System.Net.Sockets;

namespace BinaryConnect.Tests.Support;

/// <summary>Serves the files of a folder to programs of this machine.</summary>
internal sealed class FolderServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;
    private readonly Task _serving;

    public FolderServer(string folder)
    {
        _folder = folder;
        Url = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    public string Url { get; }

    /// <summary>A file that is not served although it is there.</summary>
    public string? Withheld { get; set; }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private void Serve()
    {
        try
        {
            while (true) Answer(_listener.GetContext());
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException && !_listener.IsListening)
        {
            // It was closed.
        }
    }

    private void Answer(HttpListenerContext context)
    {
        string name = context.Request.Url!.AbsolutePath.TrimStart('/');
        string path = Path.Combine(_folder, name.Length == 0 ? "index.html" : name);
        using HttpListenerResponse response = context.Response;
        if (name == Withheld || !File.Exists(path))
        {
            response.StatusCode = 404;
            return;
        }

        response.ContentType = Path.GetExtension(path) switch
        {
            ".html" => "text/html",
            ".css" => "text/css",
            ".js" => "text/javascript",
            ".wasm" => "application/wasm",
            ".png" => "image/png",
            _ => "application/octet-stream",
        };
        byte[] content = File.ReadAllBytes(path);
        response.ContentLength64 = content.Length;
        try
        {
            response.OutputStream.Write(content);
        }
        catch (HttpListenerException)
        {
            // The browser went away.
        }
    }
}
