using System.Text;
using Adjoint.Formats;

namespace Adjoint.Tests.Formats;

public class HostilePickleTests
{
    [Fact]
    public void Nothing_is_called()
    {
        Fails("cos\nsystem\n(X\u0002\0\0\0lstR.").ShouldContain("names 'os.system'");
        Fails("cbuiltins\neval\n(tR.").ShouldContain("builtins.eval");
        Fails("\u008c\u0002os\u008c\u0006system\u0093.").ShouldContain("os.system");
        Fails("ctorch\nFloatStorage\n)R.").ShouldContain("only names a type");
        Fails("ctorch\nfloat32\n)R.").ShouldContain("a name should be on its stack");
        Fails("(ios\nsystem\n.").ShouldContain("none that files of tensors have");
    }

    [Fact]
    public void Tensors_beside_their_memory_are_refused()
    {
        Rebuilt(0, "K\u0002", "K\u0001", 2).ShouldBe("");
        Rebuilt(0, "K\u0003", "K\u0001", 2).ShouldContain("reaches to element 2 of memory with 2");
        Rebuilt(1, "K\u0002", "K\u0001", 2).ShouldContain("reaches to element 2");
        Rebuilt(3, "K\0", "K\u0001", 2).ShouldContain("begins at element 3");
        Rebuilt(0, "K\u0002", "J\u00ff\u00ff\u00ff\u00ff", 2).ShouldContain("negative");
        // The same element again and again, as Expand has it.
        Rebuilt(0, "J\u00ff\u00ff\u00ff\u007f", "K\0", 2).ShouldBe("");
        Rebuilt(0, "J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f", "K\0K\0", 2).ShouldContain("too large");
        Rebuilt(0, "K\0J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f", "K\u0001K\0K\0", 2).ShouldContain("too large");
        Rebuilt(0, "J\u00ff\u00ff\u00ff\u007f", "J\u00ff\u00ff\u00ff\u007f", 2).ShouldContain("beyond what memory can hold");
        Rebuilt(0, "K\u0001K\u0001", "K\u0001", 2).ShouldContain("2 dimensions and 1 strides");
        Rebuilt(0, "N", "K\u0001", 2).ShouldContain("no number");
    }

    [Fact]
    public void The_same_list_in_itself_again_and_again_takes_no_memory()
    {
        // Each level holds the one before twice: 2^60 paths in 400 bytes.
        var pickle = new StringBuilder("\u0080\u0002]q\0");
        for (int i = 1; i < 60; i++) pickle.Append($"](h{(char)(i - 1)}h{(char)(i - 1)}eq{(char)i}");
        object? value = Read(pickle.Append('.').ToString());
        Should.Throw<DataFormatException>(() => new TorchNames("bomb").Of(value)).Message.ShouldContain("so often");
        object? itself = Read("\u0080\u0002]q\0h\0a.");
        Should.Throw<DataFormatException>(() => new TorchNames("loop").Of(itself)).Message.ShouldContain("contains itself");
        object? deep = Read(new string(']', 300_000) + new string('a', 299_999) + ".");
        Should.Throw<DataFormatException>(() => new TorchNames("deep").Of(deep)).Message.ShouldContain("too deep");
    }

    [Fact]
    public void Lengths_that_lie_take_no_memory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fails("X\u00ff\u00ff\u00ff\u00ffab.").ShouldContain("cut short");
        Fails("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fab.").ShouldContain("cut short");
        Fails("\u008b\u00ff\u00ff\u00ff\u007fab.").ShouldContain("too long");
        Fails("j\u0001\0\0\0.").ShouldContain("object 1, which is not there");
        Fails("I999999999999999999999\n.").ShouldContain("no whole number");
        Fails(".").ShouldContain("should be on its stack");
        Fails("(.").ShouldContain("not a mark");
        Fails("t.").ShouldContain("a mark");
        Fails("]K\u0001s.").ShouldContain("should be on its stack");
        Fails("}(K\u0001u.").ShouldContain("a value for each key");
        Fails("}NK\u0001s.").ShouldContain("not None");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
    }

    private static string Rebuilt(int offset, string sizes, string strides, int count)
    {
        string pickle = "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\n"
            + $"X\u0001\0\0\00X\u0003\0\0\0cpuK{(char)count}tQK{(char)offset}({sizes}t({strides}t\u0089}}tR.";
        try
        {
            Read(pickle);
            return "";
        }
        catch (DataFormatException e)
        {
            return e.Message;
        }
    }

    private static string Fails(string pickle) => Should.Throw<DataFormatException>(() => Read(pickle)).Message;

    private static object? Read(string pickle) =>
        PickleMachine.Read(new MemoryStream(Encoding.Latin1.GetBytes(pickle)), "hostile", new TorchWorld(new Memory()));

    private sealed class Memory : ITorchMemory
    {
        public Tensor Of(TorchStorage storage, StoredType type, long count) => Tensor.Zeros([(int)count], type.DType);
    }
}
