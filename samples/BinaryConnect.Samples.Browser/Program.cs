// A browser calls the members of Page that JSExport marks; the start of the program does nothing.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("browser")]

return;
