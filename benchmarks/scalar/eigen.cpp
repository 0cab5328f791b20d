// Eigen's AutoDiffScalar: forward mode with a derivative vector of fixed size.
#include <Eigen/Core>
#include <unsupported/Eigen/AutoDiff>
#include "jobs.hpp"

template <int N> using Dual = Eigen::AutoDiffScalar<Eigen::Matrix<double, N, 1>>;

int main()
{
    Jobs jobs;
    jobs["loop"] = []
    {
        Dual<3> v(0.5, 3, 0), x(0.999, 3, 1), b(0.001, 3, 2);
        return loop(v, x, b).derivatives()[1];
    };

    Training training;
    jobs["neuron"] = [&]
    {
        Dual<2> w(training.w, 2, 0), b(training.b, 2, 1);
        Dual<2> loss = neuron(w, b, training.input(), training.target());
        training.descend(loss.derivatives()[0], loss.derivatives()[1]);
        return training.w;
    };

    std::vector<double> a = matrix(), rows(Side * Side);
    jobs["jacobian"] = [&]
    {
        static std::vector<Dual<Side>, Eigen::aligned_allocator<Dual<Side>>> x(Side);
        for (int j = 0; j < Side; j++) x[j] = Dual<Side>(std::cos(j), Side, j);
        for (int i = 0; i < Side; i++)
        {
            Dual<Side> sum(0);
            for (int j = 0; j < Side; j++) sum += a[i * Side + j] * x[j];
            Dual<Side> y = tanh(sum);
            Eigen::Map<Eigen::Matrix<double, Side, 1>> row(&rows[i * Side]);
            row = y.derivatives();
        }
        return rows[3 * Side + 5];
    };
    return serve(jobs);
}
