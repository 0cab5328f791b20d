using Adjoint.Nn;

namespace Adjoint.Tests.Nn;

public class SummaryTests
{
    private sealed class Block(int channels) : Module
    {
        public readonly Conv2d Conv = new(channels, channels, 3, padding: 1);
        public readonly BatchNorm2d Norm = new(channels);
        public readonly Tensor Scale = Tensor.Ones(channels, 1, 1).AsParameter();

        protected override Tensor Forward(Tensor input) => input + Norm.Call(Conv.Call(input)).Relu() * Scale;
    }

    private sealed class Net : Module
    {
        public readonly ModuleList Blocks = new(new Block(4), new Block(4));
        public readonly Conv2d Stem = new(1, 4, 3);
        public readonly Adjoint.Nn.Linear Head = new(4, 10);
        public readonly Adjoint.Nn.Linear Frozen = new Adjoint.Nn.Linear(10, 10, bias: false).RequiresGradInPlace(false);

        protected override Tensor Forward(Tensor input)
        {
            Tensor x = Stem.Call(input);
            foreach (Module block in Blocks) x = block.Call(x);
            return Frozen.Call(Frozen.Call(Head.Call(x.Mean([2, 3]))));
        }
    }

    // Counted by hand by torchinfo's rules: a convolution multiplies its numbers by the batch and the outputs of a channel, any other layer by
    // the batch.
    [Fact]
    public void The_table_is_torchinfos()
    {
        var net = new Net();
        net.Train();
        ModuleSummary summary = net.Summary([2, 1, 8, 8]);
        summary.ToString().ShouldBe("""
            ==========================================================================================
            Layer (type:depth-idx)                   Output Shape              Param #
            ==========================================================================================
            Net                                      [2, 10]                   --
            ├─Conv2d: 1-1                            [2, 4, 6, 6]              40
            ├─ModuleList: 1-2                        --                        --
            │    └─Block: 2-1                        [2, 4, 6, 6]              4
            │    │    └─Conv2d: 3-1                  [2, 4, 6, 6]              148
            │    │    └─BatchNorm2d: 3-2             [2, 4, 6, 6]              8
            │    └─Block: 2-2                        [2, 4, 6, 6]              4
            │    │    └─Conv2d: 3-3                  [2, 4, 6, 6]              148
            │    │    └─BatchNorm2d: 3-4             [2, 4, 6, 6]              8
            ├─Linear: 1-3                            [2, 10]                   50
            ├─Linear: 1-4                            [2, 10]                   (100)
            ├─Linear: 1-5                            [2, 10]                   (recursive)
            ==========================================================================================
            Total params: 510
            Trainable params: 410
            Non-trainable params: 100
            Total mult-adds (M): 0.02
            ==========================================================================================
            Input size (MB): 0.00
            Forward/backward pass size (MB): 0.01
            Params size (MB): 0.00
            Estimated Total Size (MB): 0.01
            ==========================================================================================
            """.ReplaceLineEndings("\n"));
        summary.MultAdds.ShouldBe(40 * 2 * 36 + 2 * (148 * 2 * 36 + 8 * 2) + 50 * 2 + 100 * 2 * 2);
        summary.Flops.ShouldBe(2 * summary.MultAdds);
        summary.ActivationBytes.ShouldBe(2 * 4 * (5 * 2 * 4 * 36 + 3 * 20));
        summary.Layers.Select(layer => layer.Name).ShouldBe(
            ["", "stem", "blocks", "blocks.0", "blocks.0.conv", "blocks.0.norm", "blocks.1", "blocks.1.conv", "blocks.1.norm", "head", "frozen", "frozen"]);
        net.Training.ShouldBeTrue();
        net.Blocks[0].Training.ShouldBeTrue();
        net.Blocks[0].GetBuffer("norm.num_batches_tracked").Item<long>().ShouldBe(0);
    }

    [Fact]
    public void What_lies_deeper_is_summed_up()
    {
        string[] lines = new Net().Summary([2, 1, 8, 8], depth: 1).ToString().Split('\n');
        lines.ShouldContain("├─ModuleList: 1-2                        --                        320");
        lines.Length.ShouldBe(20);
        new Net().Summary([2, 1, 8, 8], depth: 0).ToString().Split('\n')[3].ShouldBe("Net                                      [2, 10]                   510");
    }

    [Fact]
    public void One_layer_has_a_row()
    {
        string[] lines = new Adjoint.Nn.Linear(3, 2).Summary([4, 3]).ToString().Split('\n');
        lines[3].ShouldBe("Linear                                   [4, 2]                    8");
        lines[5].ShouldBe("Total params: 8");
    }

    [Fact]
    public void Nothing_is_left_behind_and_nothing_drawn()
    {
        var generator = new Generator(3);
        var net = new Sequential(new Adjoint.Nn.Linear(3, 2), new Dropout(0.5, generator: generator), new ReLU());
        byte[] before = generator.GetState();
        Should.Throw<ShapeException>(() => net.Summary([4, 4]));
        net.Summary([4, 3]).Parameters.ShouldBe(8);
        generator.GetState().ShouldBe(before);
        int calls = 0;
        using (net[0].RegisterForwardHook((_, _, _) => { calls++; return null; })) net.Summary([4, 3]);
        calls.ShouldBe(1);
        Should.Throw<ArgumentException>(() => net.Summary(() => { }));
        Should.Throw<ArgumentOutOfRangeException>(() => net.Summary([4, 3], depth: -1)).ParamName.ShouldBe("depth");
    }
}
