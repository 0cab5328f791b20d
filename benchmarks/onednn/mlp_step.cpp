// The training step of the MLP 784-512-512-10 written by hand in C++: the bound that a library should be held to.
//
//   g++ -O3 -march=native -ffast-math -fopenmp mlp_step.cpp -o mlp_step -ldnnl -lopenblas      (Debian: libdnnl-dev libopenblas-dev)
//   echo | OMP_NUM_THREADS=2 ./mlp_step             one sample, as benchmarks/torch/rounds.py answers
//   ./mlp_step --losses PRODUCTS sgd|adam STEPS      the losses of the first steps; benchmarks/onednn/check holds them to PyTorch's
//
// There is no graph and nothing general: all memory is taken once, parameters and gradients lie in one piece each, so that the
// optimizer is a single loop; bias and ReLU, and the ReLU's mask and the bias gradient, are one pass each. What is left is the
// matrix products, done by each of oneDNN's sgemm, oneDNN's inner products (in the weight layout it chooses), and OpenBLAS.
// Gradients are really there after a step, as in a library: SGD is not folded into the products.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <vector>

#include "dnnl.hpp"
#ifndef WITHOUT_BLAS
#include <cblas.h>
#endif

constexpr int Layers = 3;
constexpr int Sizes[Layers + 1] = {784, 512, 512, 10};
constexpr int Classes = Sizes[Layers];

/// Zeroed memory in huge pages, kept to the end.
float* take(size_t floats) {
    constexpr size_t page = 2 << 20;
    size_t bytes = (floats * sizeof(float) + page - 1) / page * page;
    void* memory = std::aligned_alloc(page, bytes);
    madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<float*>(std::memset(memory, 0, bytes));
}

struct Net;

/// The three matrix products of a layer. An implementation chooses the layout of the weights.
struct Products {
    virtual ~Products() = default;
    virtual size_t weights(int layer) { return size_t(Sizes[layer]) * Sizes[layer + 1]; }
    virtual void load(Net& net, int layer, const float* rows) = 0;   // rows: [out, in], as PyTorch has it
    virtual void forward(Net& net, int layer) = 0;                   // output, before or after bias and ReLU
    virtual bool fuses() const { return false; }                     // ... after
    virtual void weightGradient(Net& net, int layer) = 0;
    virtual void inputGradient(Net& net, int layer) = 0;
};

struct Net {
    int batch;
    Products& products;
    size_t count = 0;                                            // of all parameters
    float *parameters, *gradients, *first, *second;              // the latter two: Adam's moments
    float *weight[Layers], *bias[Layers], *dWeight[Layers], *dBias[Layers];
    float *value[Layers + 1], *delta[Layers + 1];                // of the input and of each layer's output
    std::vector<int64_t> labels;
    long steps = 0;

    Net(int batch, Products& products) : batch(batch), products(products), labels(batch) {
        auto round = [](size_t floats) { return (floats + 15) / 16 * 16; };
        for (int i = 0; i < Layers; i++) count += round(products.weights(i)) + round(Sizes[i + 1]);
        for (float** all : {&parameters, &gradients, &first, &second}) *all = take(count);
        size_t at = 0;
        for (int i = 0; i < Layers; i++) {
            weight[i] = parameters + at, dWeight[i] = gradients + at, at += round(products.weights(i));
            bias[i] = parameters + at, dBias[i] = gradients + at, at += round(Sizes[i + 1]);
        }
        for (int i = 0; i <= Layers; i++) value[i] = take(size_t(batch) * Sizes[i]), delta[i] = take(size_t(batch) * Sizes[i]);
        draw();
    }

    /// The numbers that PyTorch draws for torch.manual_seed(1), three Linear, rand(batch, 784), randint(0, 10, [batch]).
    void draw() {
        std::mt19937 random(1);
        auto uniform = [&](float from, float to) { return (random() & 0xffffff) * 0x1p-24f * (to - from) + from; };
        for (int i = 0; i < Layers; i++) {
            float bound = float(1 / std::sqrt(double(Sizes[i])));
            std::vector<float> rows(size_t(Sizes[i]) * Sizes[i + 1]);
            for (float& w : rows) w = uniform(-bound, bound);
            for (int j = 0; j < Sizes[i + 1]; j++) bias[i][j] = uniform(-bound, bound);
            products.load(*this, i, rows.data());
        }
        for (size_t i = 0; i < size_t(batch) * Sizes[0]; i++) value[0][i] = uniform(0, 1);
        for (int64_t& label : labels) label = random() % Classes;
    }

    float step(const std::function<void(Net&)>& optimizer) {
        for (int i = 0; i < Layers; i++) {
            products.forward(*this, i);
            if (!products.fuses()) addBias(i);
        }
        float loss = crossEntropy();
        for (int i = Layers - 1; i >= 0; i--) {
            products.weightGradient(*this, i);
            if (i == 0) break;
            products.inputGradient(*this, i);
            passRelu(i);
        }
        steps++;
        optimizer(*this);
        return loss;
    }

    void addBias(int layer) {
        const int n = Sizes[layer + 1];
        const float least = layer < Layers - 1 ? 0 : -INFINITY;
        const float* b = bias[layer];
        float* all = value[layer + 1];
#pragma omp parallel for schedule(static) if (n > Classes)
        for (int row = 0; row < batch; row++) {
            float* y = all + size_t(row) * n;
#pragma omp simd
            for (int j = 0; j < n; j++) y[j] = std::max(y[j] + b[j], least);
        }
    }

    /// The gradient of a layer's input where its ReLU let it pass, and its sum over the batch, the gradient of the bias before.
    void passRelu(int layer) {
        const int n = Sizes[layer];
        const float* h = value[layer];
        float *d = delta[layer], *sums = dBias[layer - 1];
        constexpr int stripe = 64;                               // columns that stay in registers and L1 over all rows
#pragma omp parallel for schedule(static)
        for (int from = 0; from < n; from += stripe) {
            float sum[stripe] = {};
            for (int row = 0; row < batch; row++) {
                const size_t at = size_t(row) * n + from;
#pragma omp simd
                for (int j = 0; j < stripe; j++) {
                    float passed = h[at + j] > 0 ? d[at + j] : 0;
                    d[at + j] = passed;
                    sum[j] += passed;
                }
            }
            std::copy(sum, sum + stripe, sums + from);
        }
    }

    float crossEntropy() {
        double total = 0;
        float* sums = dBias[Layers - 1];
        std::fill(sums, sums + Classes, 0.0f);
        for (int row = 0; row < batch; row++) {
            const float* scores = value[Layers] + size_t(row) * Classes;
            float* d = delta[Layers] + size_t(row) * Classes;
            float most = *std::max_element(scores, scores + Classes), sum = 0;
            for (int j = 0; j < Classes; j++) sum += d[j] = std::exp(scores[j] - most);
            total += std::log(sum) + most - scores[labels[row]];
            for (int j = 0; j < Classes; j++) {
                d[j] = (d[j] / sum - (j == labels[row])) / batch;
                sums[j] += d[j];
            }
        }
        return float(total / batch);
    }
};

std::function<void(Net&)> sgd(float rate) {
    return [=](Net& net) {
        float* p = net.parameters;
        const float* g = net.gradients;
        const size_t count = net.count;
#pragma omp parallel for simd schedule(static)
        for (size_t i = 0; i < count; i++) p[i] -= rate * g[i];
    };
}

std::function<void(Net&)> adam(float rate) {
    return [=](Net& net) {
        const float keep1 = 0.9f, keep2 = 0.999f, add1 = float(1 - 0.9), add2 = float(1 - 0.999), epsilon = 1e-8f;
        const float size = float(rate / (1 - std::pow(0.9, net.steps))), root = float(1 / std::sqrt(1 - std::pow(0.999, net.steps)));
        float *p = net.parameters, *m = net.first, *v = net.second;
        const float* g = net.gradients;
        const size_t count = net.count;
#pragma omp parallel for simd schedule(static)
        for (size_t i = 0; i < count; i++) {
            m[i] = keep1 * m[i] + add1 * g[i];
            v[i] = keep2 * v[i] + add2 * g[i] * g[i];
            p[i] -= size * m[i] / (std::sqrt(v[i]) * root + epsilon);
        }
    };
}

/// Row-major C[m, n] = op(A) op(B), for op one of 'N' and 'T'.
using Gemm = void (*)(char, char, int64_t m, int64_t n, int64_t k, const float* a, int64_t, const float* b, int64_t, float* c, int64_t);

void dnnlGemm(char ta, char tb, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
              const float* b, int64_t ldb, float* c, int64_t ldc) {
    dnnl_sgemm(ta, tb, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
}

#ifndef WITHOUT_BLAS
void blasGemm(char ta, char tb, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
              const float* b, int64_t ldb, float* c, int64_t ldc) {
    auto op = [](char t) { return t == 'T' ? CblasTrans : CblasNoTrans; };
    cblas_sgemm(CblasRowMajor, op(ta), op(tb), m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
}
#endif

/// By a library's sgemm, with weights [out, in], or [in, out] where that is faster.
struct GemmProducts : Products {
    Gemm gemm;
    bool inOut;
    GemmProducts(Gemm gemm, bool inOut) : gemm(gemm), inOut(inOut) {}

    void load(Net& net, int layer, const float* rows) override {
        const int in = Sizes[layer], out = Sizes[layer + 1];
        for (int o = 0; o < out; o++)
            for (int i = 0; i < in; i++) net.weight[layer][inOut ? i * out + o : o * in + i] = rows[o * in + i];
    }
    void forward(Net& net, int l) override {
        const int in = Sizes[l], out = Sizes[l + 1];
        gemm('N', inOut ? 'N' : 'T', net.batch, out, in, net.value[l], in, net.weight[l], inOut ? out : in, net.value[l + 1], out);
    }
    void weightGradient(Net& net, int l) override {
        const int in = Sizes[l], out = Sizes[l + 1];
        if (inOut) gemm('T', 'N', in, out, net.batch, net.value[l], in, net.delta[l + 1], out, net.dWeight[l], out);
        else gemm('T', 'N', out, in, net.batch, net.delta[l + 1], out, net.value[l], in, net.dWeight[l], in);
    }
    void inputGradient(Net& net, int l) override {
        const int in = Sizes[l], out = Sizes[l + 1];
        gemm('N', inOut ? 'T' : 'N', net.batch, in, out, net.delta[l + 1], out, net.weight[l], inOut ? out : in, net.delta[l], in);
    }
};

/// By oneDNN's inner products: bias and ReLU inside the forward product, weights in the layout it asks for there.
struct InnerProducts : Products {
    using Md = dnnl::memory::desc;
    using Ip = dnnl::inner_product_forward;
    using IpData = dnnl::inner_product_backward_data;
    using IpWeights = dnnl::inner_product_backward_weights;
    using Arguments = std::unordered_map<int, dnnl::memory>;

    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    Md layout[Layers];
    dnnl::primitive forwards[Layers], backWeights[Layers], backData[Layers];
    std::vector<Arguments> toForward, toWeights, toData;

    static Md plain(int rows, int columns, dnnl::memory::format_tag tag = dnnl::memory::format_tag::ab) {
        return Md({rows, columns}, dnnl::memory::data_type::f32, tag);
    }
    static Md vector(int size) { return Md({size}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::a); }

    explicit InnerProducts(int batch) : toForward(Layers), toWeights(Layers), toData(Layers) {
        for (int l = 0; l < Layers; l++) {
            const int in = Sizes[l], out = Sizes[l + 1];
            dnnl::primitive_attr attributes;
            if (l < Layers - 1) {
                dnnl::post_ops after;
                after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
                attributes.set_post_ops(after);
            }
            Md x = plain(batch, in), y = plain(batch, out);
            Md any = plain(out, in, dnnl::memory::format_tag::any);
            Ip::primitive_desc forward({dnnl::prop_kind::forward_training, x, any, vector(out), y}, attributes, engine);
            layout[l] = forward.weights_desc();
            forwards[l] = Ip(forward);
            backWeights[l] = IpWeights(IpWeights::primitive_desc({x, layout[l], y}, engine, forward));
            backData[l] = IpData(IpData::primitive_desc({x, layout[l], y}, engine, forward));
        }
    }
    bool fuses() const override { return true; }
    size_t weights(int layer) override { return layout[layer].get_size() / sizeof(float); }

    void load(Net& net, int l, const float* rows) override {
        const int in = Sizes[l], out = Sizes[l + 1];
        auto at = [&](const Md& md, float* data) { return dnnl::memory(md, engine, data); };
        auto weight = at(layout[l], net.weight[l]);
        auto x = at(plain(net.batch, in), net.value[l]), y = at(plain(net.batch, out), net.value[l + 1]);
        auto dx = at(plain(net.batch, in), net.delta[l]), dy = at(plain(net.batch, out), net.delta[l + 1]);
        auto from = at(plain(out, in), const_cast<float*>(rows));
        dnnl::reorder(from, weight).execute(stream, from, weight);
        stream.wait();
        toForward[l] = {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_BIAS, at(vector(out), net.bias[l])}, {DNNL_ARG_DST, y}};
        toWeights[l] = {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_WEIGHTS, at(layout[l], net.dWeight[l])}};
        toData[l] = {{DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DIFF_SRC, dx}};
    }
    void forward(Net&, int l) override { forwards[l].execute(stream, toForward[l]); }
    void weightGradient(Net&, int l) override { backWeights[l].execute(stream, toWeights[l]); }
    void inputGradient(Net&, int l) override { backData[l].execute(stream, toData[l]); }
};

std::unique_ptr<Products> make(const std::string& kind, int batch) {
    if (kind == "sgemm") return std::make_unique<GemmProducts>(dnnlGemm, false);
    if (kind == "sgemm in-out") return std::make_unique<GemmProducts>(dnnlGemm, true);
    if (kind == "inner product") return std::make_unique<InnerProducts>(batch);
#ifndef WITHOUT_BLAS
    if (kind == "OpenBLAS") return std::make_unique<GemmProducts>(blasGemm, false);
#endif
    throw std::invalid_argument("no products " + kind);
}

const std::vector<std::string> Kinds = {
    "sgemm", "sgemm in-out", "inner product",
#ifndef WITHOUT_BLAS
    "OpenBLAS",
#endif
};

double seconds(const std::function<void()>& work, long calls) {
    auto start = std::chrono::steady_clock::now();
    for (long i = 0; i < calls; i++) work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / calls;
}

int main(int argc, char** argv) {
    std::vector<std::unique_ptr<Products>> kept;
    std::vector<std::unique_ptr<Net>> nets;
    auto net = [&](const std::string& kind, int batch) {
        kept.push_back(make(kind, batch));
        nets.push_back(std::make_unique<Net>(batch, *kept.back()));
        return nets.back().get();
    };
    if (argc == 5 && !std::strcmp(argv[1], "--losses")) {
        Net* trained = net(argv[2], 64);
        auto optimizer = !std::strcmp(argv[3], "adam") ? adam(1e-3f) : sgd(0.1f);
        for (int i = std::atoi(argv[4]); i > 0; i--) std::printf("%.9g\n", trained->step(optimizer));
        return 0;
    }

    struct Work { std::string name; std::function<void()> step; long calls; };
    std::vector<Work> works;
    for (const std::string& kind : Kinds)
        for (int batch : {64, 512})
            for (const char* name : {"SGD", "Adam"}) {
                // The tiny rate of the peers: no gradients so small that they are denormal.
                auto optimizer = name[0] == 'A' ? adam(1e-6f) : sgd(1e-6f);
                Net* trained = net(kind, batch);
                std::function<void()> step = [=] { trained->step(optimizer); };
                seconds(step, 20);
                long calls = std::max(1L, std::lround(0.1 / seconds(step, 20)));
                works.push_back({"mlp step " + std::string(name) + ", batch " + std::to_string(batch) + "|" + kind, step, calls});
            }
    for (std::string line; std::getline(std::cin, line);) {
        seconds(works[0].step, works[0].calls);  // cores that have just been idle are slow at first
        const char* between = "{";
        for (Work& work : works) {
            std::printf("%s\"%s\": %.9g", between, work.name.c_str(), seconds(work.step, work.calls));
            between = ", ";
        }
        std::puts("}");
        std::fflush(stdout);
    }
}
