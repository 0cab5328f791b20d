using Adjoint.Data;

namespace Adjoint.Tests.Data;

public class CsvDatasetTests
{
    private static CsvDataset Load(string text, string? target = null, IReadOnlyList<string>? categories = null,
        IReadOnlyList<string>? leaveOut = null, float? missing = null, bool? classes = null, char? separator = null)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("table.csv"), text);
        return CsvDataset.Load(folder.File("table.csv"), target, categories, leaveOut, missing, classes, separator);
    }

    [Fact]
    public void Rows_are_examples_and_texts_of_the_target_are_classes()
    {
        CsvDataset data = Load("length,width,kind\n1.5,2,setosa\n-3,4e1,\"a, b\"\n5,6,setosa\n", "kind");
        data.Columns.ShouldBe(["length", "width"]);
        data.Classes.ShouldBe(["a, b", "setosa"]);
        data.Features.ToArray<float>().ShouldBe([1.5f, 2, -3, 40, 5, 6]);
        data.Target!.ToArray<long>().ShouldBe([1L, 0, 1]);
        (Tensor x, Tensor y) = data.GetBatch([2, 0]);
        x.ToArray<float>().ShouldBe([5f, 6, 1.5f, 2]);
        y.ToArray<long>().ShouldBe([1L, 1]);
    }

    [Fact]
    public void A_target_of_numbers_is_numbers_or_classes_in_their_order()
    {
        Load("x;y\r\n1;10\r\n2;2\r\n", "y").Target!.ToArray<float>().ShouldBe([10f, 2]);
        CsvDataset classes = Load("x;y\n1;10\n2;2\n", "y", classes: true);
        classes.Classes.ShouldBe(["2", "10"]);
        classes.Target!.ToArray<long>().ShouldBe([1L, 0]);
    }

    [Fact]
    public void Categories_are_columns_of_zeros_and_ones_and_columns_can_be_left_out()
    {
        CsvDataset data = Load("id\tcolour\tx\nfirst\tred\t1\nsecond\tblue\t2\n", categories: ["colour"], leaveOut: ["id"]);
        data.Columns.ShouldBe(["colour=blue", "colour=red", "x"]);
        data.Features.ToArray<float>().ShouldBe([0f, 1, 1, 1, 0, 2]);
        data.Target.ShouldBeNull();
        data[1].Length.ShouldBe(1);
    }

    [Fact]
    public void What_is_wrong_is_said_with_line_and_column()
    {
        Should.Throw<InvalidDataException>(() => Load("a,b\n1,2\n3,four\n")).Message.ShouldContain("line 3, column 'b': 'four'");
        Should.Throw<InvalidDataException>(() => Load("a,b\n1,2\n,4\n")).Message.ShouldContain("line 3, column 'a'");
        Load("a,b\n1,2\n,4\n", missing: -1).Features.ToArray<float>().ShouldBe([1f, 2, -1, 4]);
        Should.Throw<InvalidDataException>(() => Load("a,b\n1,2\n3\n")).Message.ShouldContain("table.csv");
        Should.Throw<InvalidDataException>(() => Load("a,b\n")).Message.ShouldContain("no rows");
        Should.Throw<InvalidDataException>(() => Load(""));
        Should.Throw<InvalidDataException>(() => Load("a,y\n1,\n", "y", classes: true)).Message.ShouldContain("missing");
        Should.Throw<InvalidDataException>(() => Load("y\n1\n", "y")).Message.ShouldContain("no column");
        Should.Throw<ArgumentException>(() => Load("a,b\n1,2\n", "c")).ParamName.ShouldBe("target");
        Should.Throw<ArgumentException>(() => Load("a,b\n1,2\n", categories: ["c"])).ParamName.ShouldBe("categories");
        Should.Throw<ArgumentException>(() => Load("a,b\n1,2\n", separator: 'a')).ParamName.ShouldBe("separator");
        Should.Throw<InvalidDataException>(() => Load("a,a\n1,2\n"));
        Should.Throw<InvalidDataException>(() => Load("a,b\n1,2\n1,x\n", "b", classes: false)).Message.ShouldContain("'x'");
    }
}
