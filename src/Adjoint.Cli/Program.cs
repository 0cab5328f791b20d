using System.Text;
using Adjoint.Cli;

Console.OutputEncoding = Encoding.UTF8;
return CommandLine.Run(args);
