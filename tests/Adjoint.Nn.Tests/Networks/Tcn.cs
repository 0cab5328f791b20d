using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Linear = Adjoint.Nn.Linear;

/// <summary>Convolutions that look at the past only (Bai et al. 2018).</summary>
internal sealed class Tcn(DType d) : Module
{
    private readonly Sequential network = new([.. Enumerable.Range(0, 3).Select(i => new Block(i == 0 ? 2 : 3, 3, 1 << i, d))]);
    private readonly Linear linear = new(3, 2, dtype: d);

    protected override Tensor Forward(Tensor x) => linear.Call(network.Call(x)[.., .., -1]);

    private sealed class Block : Module
    {
        private readonly Module conv1, conv2;
        private readonly ReLU relu1 = new();
        private readonly SiLU relu2 = new();
        private readonly ReLU relu = new();
        private readonly Dropout dropout1 = new(0.1);
        private readonly Conv1d? downsample;
        private readonly int pad;

        public Block(int inputs, int outputs, int dilation, DType d)
        {
            pad = 2 * dilation;
            conv1 = Parametrizations.WeightNorm(new Conv1d(inputs, outputs, 3, padding: pad, dilation: dilation, dtype: d));
            conv2 = Parametrizations.WeightNorm(new Conv1d(outputs, outputs, 3, padding: pad, dilation: dilation, dtype: d));
            downsample = inputs == outputs ? null : new Conv1d(inputs, outputs, 1, dtype: d);
        }

        protected override Tensor Forward(Tensor x)
        {
            Tensor y = dropout1.Call(relu1.Call(conv1.Call(x)[.., .., ..^pad].Contiguous()));
            y = relu2.Call(conv2.Call(y)[.., .., ..^pad].Contiguous());
            return relu.Call(y + (downsample is null ? x : downsample.Call(x)));
        }
    }
}
