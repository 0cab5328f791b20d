using System.Text.Json;

namespace Adjoint.Tests.Modes;

public class ProfileTests
{
    [Fact]
    public void Every_operation_is_counted_with_its_memory()
    {
        Tensor w = Tensor.Ones([100], requiresGrad: true);
        Profile profile;
        using (profile = Autograd.Profile())
        {
            for (int i = 0; i < 3; i++) (w * w).Sum().Backward();
        }
        (w * w).Sum().Backward();
        ProfileRow mul = profile.Rows.Single(row => row.Operation == "mul");
        (mul.Calls, mul.Bytes).ShouldBe((3, 1200));
        profile.Rows.Single(row => row.Operation == "mul_backward").Calls.ShouldBe(3);
        profile.Rows.Single(row => row.Operation == "add_").Bytes.ShouldBe(0);
        profile.Rows.Select(row => row.Time).ShouldBeInOrder(SortDirection.Descending);
        profile.Dropped.ShouldBe(0);
    }

    [Fact]
    public void The_table_has_a_line_for_each_operation_and_one_for_all()
    {
        using Profile profile = Autograd.Profile();
        Tensor.Ones(4).Exp();
        string[] lines = profile.ToString().Split(Environment.NewLine);
        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("operation");
        lines.ShouldContain(line => line.StartsWith("exp "));
        lines[^1].ShouldStartWith("all ");
    }

    [Fact]
    public void The_trace_is_what_chrome_reads()
    {
        using Profile profile = Autograd.Profile();
        Tensor.Ones(4).Exp();
        var stream = new MemoryStream();
        profile.WriteTrace(stream);
        using JsonDocument trace = JsonDocument.Parse(stream.ToArray());
        JsonElement[] events = [.. trace.RootElement.GetProperty("traceEvents").EnumerateArray()];
        events.Select(e => e.GetProperty("name").GetString()).ShouldBe(["full", "exp"]);
        foreach (JsonElement e in events)
        {
            e.GetProperty("ph").GetString().ShouldBe("X");
            e.GetProperty("ts").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
            e.GetProperty("dur").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    [Fact]
    public void A_trace_file_is_written()
    {
        using var folder = new TemporaryFolder();
        string path = System.IO.Path.Combine(folder.Path, "trace.json");
        using Profile profile = Autograd.Profile();
        Tensor.Ones(4).Exp();
        profile.WriteTrace(path);
        JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("traceEvents").GetArrayLength().ShouldBe(2);
        Should.Throw<ArgumentException>(() => profile.WriteTrace("")).ParamName.ShouldBe("path");
    }
}
