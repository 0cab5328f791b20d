using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Formats;

using Linear = Adjoint.Nn.Linear;

public class TorchFileTests
{
    [Theory]
    [InlineData("tensors.pt")]
    [InlineData("tensors.legacy.pth")]
    public void Tensors_have_PyTorchs_values_dtypes_strides_and_shared_memory(string file)
    {
        OrderedDictionary<string, Tensor> x = TorchFile.LoadTensors(WrittenFiles.PathOf(file));
        x["base"].ToArray<float>().ShouldBe([.. Enumerable.Range(0, 12).Select(i => (float)i)]);
        x["rows"].ToArray<float>().ShouldBe([4f, 5, 6, 7, 8, 9, 10, 11]);
        x["transposed"].Strides.ToArray().ShouldBe([1, 4]);
        x["every"].ToArray<float>().ShouldBe([1f, 4, 7, 10]);
        foreach (string name in (string[])["rows", "transposed", "every"]) x[name].SharesStorageWith(x["base"]).ShouldBeTrue(name);
        x["base"].FillInPlace(5);
        x["every"].ToArray<float>().ShouldAllBe(element => element == 5);
        (x["expanded"].Shape, x["expanded"].Strides[0]).ShouldBe(([3, 2], 0));
        x["empty"].Shape.ShouldBe([0, 4]);
        (x["scalar"].DType, x["scalar"].Item()).ShouldBe((DType.Float64, 2.5));
        (x["grad"].RequiresGrad, x["parameter"].RequiresGrad, x["base"].RequiresGrad).ShouldBe((true, true, false));
        Is("half", DType.Float32, [1, -2.5, 5.9604644775390625E-08]);
        Is("bfloat", DType.Float32, [1, -2.5, 3.00405527047391E+38]);
        Is("char", DType.Int32, [-128, 127]);
        Is("short", DType.Int32, [-32768, 32767]);
        Is("int", DType.Int32, [int.MinValue, 7]);
        Is("long", DType.Int64, [long.MinValue, long.MaxValue]);
        Is("byte", DType.UInt8, [0, 255]);
        Is("bool", DType.Bool, [1, 0]);

        void Is(string name, DType dtype, double[] values)
        {
            x[name].DType.ShouldBe(dtype, name);
            x[name].ToArray<double>().ShouldBe(values, name);
        }
    }

    [Theory]
    [InlineData("checkpoint.pt")]
    [InlineData("checkpoint.legacy.pth")]
    public void A_checkpoint_has_what_was_saved(string file)
    {
        var all = (OrderedDictionary<object, object?>)TorchFile.Load(WrittenFiles.PathOf(file))!;
        (all["epoch"], all["best"], all["negative"], all["rate"], all["done"], all["none"], all["name"])
            .ShouldBe((7L, 0.975, -70000L, 1e-3, false, null, "Größe"));
        all["seed"].ShouldBe(System.Numerics.BigInteger.Pow(2, 63) + 5);
        all["sizes"].ShouldBeOfType<object?[]>().ShouldBe([2L, 3L]);
        all["history"].ShouldBeOfType<List<object?>>().ShouldBe([1.5, 2.5]);
        all["pair"].ShouldBeOfType<object?[]>()[1].ShouldBeOfType<object?[]>().ShouldBe([2L, "x"]);
        all["tags"].ShouldBeOfType<HashSet<object?>>().ShouldBe(["a"]);
        all["data"].ShouldBeOfType<byte[]>().ShouldBe([0, 255]);
        all["dtype"].ShouldBe(DType.Float64);

        var net = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Tanh(), new Linear(4, 2));
        var named = (OrderedDictionary<object, object?>)all["model"]!;
        net.LoadStateDict(named.ToDictionary(pair => (string)pair.Key, pair => (Tensor)pair.Value!));
        TorchFile.LoadTensors(WrittenFiles.PathOf(file)).Keys.ShouldContain("model.1.running_var");

        var adam = new Adam([new ParamGroup(net[0].Parameters()), new ParamGroup(net[3].Parameters())]);
        adam.LoadStateDict(OptimizerState.FromTorch(all["optimizer"]));
        adam.ParamGroups.Select(group => group.Lr).ShouldBe([0.01, 0.001]);
        adam.ParamGroups[0]["beta1"].ShouldBe(0.8);
        IReadOnlyDictionary<string, object?> first = adam.StateDict().State[0];
        first["step"].ShouldBe(2.0);
        ((Tensor)first["exp_avg"]!).Shape.ShouldBe([4, 3]);
    }

    [Fact]
    public void A_network_loads_the_file_of_a_state_dict()
    {
        var net = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Tanh(), new Linear(4, 2));
        net.Load(WrittenFiles.PathOf("state.pth"));
        net[0].StateDict()["weight"].ToArray<float>()
            .ShouldBe(TorchFile.LoadTensors(WrittenFiles.PathOf("state.pth"))["0.weight"].ToArray<float>());
    }

    [Fact]
    public void What_is_written_is_what_PyTorch_was_seen_to_read()
    {
        Tensor weight = Tensor.From([1.5f, -2, 0, 4], [2, 2]);
        OrderedDictionary<string, Tensor> model = new()
        {
            ["weight"] = weight,
            ["steps"] = Tensor.Scalar(3, DType.Int64),
            ["mask"] = Tensor.From([true, false]),
            ["big"] = Tensor.From([1e300]),
        };
        WrittenFiles.ShouldBeAsRead("written.pt", path => TorchFile.Save(path, new OrderedDictionary<string, object?>
        {
            ["model"] = model,
            ["view"] = weight.T,
            ["epoch"] = 70000,
            ["rate"] = 0.25,
            ["pair"] = (1, "x"),
            ["list"] = new List<object?> { 1, 2.5, true },
            ["none"] = null,
            ["seed"] = (ulong)long.MaxValue + 6,
            ["dtype"] = DType.Float64,
            ["bytes"] = new byte[] { 0, 255 },
            ["grad"] = Tensor.From([1f], requiresGrad: true),
        }));
        WrittenFiles.ShouldBeAsRead("written.adam.pt", path =>
        {
            var net = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Tanh(), new Linear(4, 2));
            foreach ((_, Tensor p) in net.NamedParameters()) using (Autograd.NoGrad()) p.FillInPlace(0.5);
            var adam = new Adam(net.Parameters(), lr: 0.01, betas: (0.8, 0.99));
            for (int i = 0; i < 2; i++)
            {
                foreach ((_, Tensor p) in net.NamedParameters()) p.Grad = Tensor.OnesLike(p);
                adam.Step();
            }
            TorchFile.Save(path, adam.StateDict().ToTorch());
        });
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        Tensor x = Tensor.Arange(6.0).Reshape(2, 3);
        TorchFile.Save(folder.File("x.pt"), new Dictionary<string, object?>
        {
            ["x"] = x,
            ["t"] = x.T,
            ["n"] = (1, 2.5f, "z"),
            ["deep"] = new Dictionary<int, object?> { [3] = new[] { 1L, long.MaxValue } },
        });
        var back = (OrderedDictionary<object, object?>)TorchFile.Load(folder.File("x.pt"))!;
        ((Tensor)back["t"]!).SharesStorageWith((Tensor)back["x"]!).ShouldBeTrue();
        ((Tensor)back["t"]!).ToArray<double>().ShouldBe([0.0, 3, 1, 4, 2, 5]);
        back["n"].ShouldBeOfType<object?[]>().ShouldBe([1L, 2.5, "z"]);
        ((OrderedDictionary<object, object?>)back["deep"]!)[3L].ShouldBeOfType<List<object?>>().ShouldBe([1L, long.MaxValue]);
        TorchFile.Save(folder.File("one.pt"), x);
        TorchFile.LoadTensors(folder.File("one.pt"))[""].Shape.ShouldBe([2, 3]);
    }

    [Fact]
    public void What_cannot_be_saved_is_said_before_a_file_is_touched()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.pt"), "before");
        var itself = new List<object?>();
        itself.Add(itself);
        Should.Throw<ArgumentException>(() => TorchFile.Save(folder.File("x.pt"), itself)).Message.ShouldContain("contains itself");
        Should.Throw<ArgumentException>(() => TorchFile.Save(folder.File("x.pt"), new Linear(1, 1))).Message.ShouldContain("Linear");
        File.ReadAllText(folder.File("x.pt")).ShouldBe("before");
    }

    [Theory]
    [InlineData("module.pt", "torch.nn.modules.container.Sequential")]
    [InlineData("script.pt", "TorchScript")]
    [InlineData("arrays.npz", "no 'data.pkl'")]
    [InlineData("f4.npy", "this is not one")]
    public void What_is_no_data_is_refused_in_words(string file, string words) =>
        Should.Throw<DataFormatException>(() => TorchFile.Load(WrittenFiles.PathOf(file))).Message.ShouldContain(words);

    [Theory]
    [InlineData("tensors.legacy.pth")]
    [InlineData("checkpoint.legacy.pth")]
    [InlineData("tensors.pt")]
    public void A_file_cut_short_anywhere_is_an_error(string file)
    {
        byte[] whole = File.ReadAllBytes(WrittenFiles.PathOf(file));
        for (int length = 0; length < whole.Length; length += length < 400 ? 1 : 7)
            Should.Throw<DataFormatException>(() => TorchFile.Load(new MemoryStream(whole[..length]), "cut"), $"{length}");
    }

    [Theory]
    [InlineData("tensors.legacy.pth")]
    [InlineData("checkpoint.legacy.pth")]
    [InlineData("tensors.pt")]
    [InlineData("checkpoint.pt")]
    public void Any_damage_is_an_error_or_another_object_and_takes_no_memory(string file)
    {
        byte[] whole = File.ReadAllBytes(WrittenFiles.PathOf(file));
        var random = new Random(7);
        for (int i = 0; i < 1000; i++)
        {
            byte[] damaged = [.. whole];
            for (int k = random.Next(1, 4); k > 0; k--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                TorchFile.Load(new MemoryStream(damaged), "damaged");
            }
            catch (DataFormatException)
            {
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 << 20);
        }
    }
}
