// ADOL-C: every job with the tape recorded once and reused ("loop"), and recorded for every gradient ("loop+tape").
#include <adolc/adolc.h>
#include "jobs.hpp"

template <class F> void record(short tag, const std::vector<double>& x, F f)
{
    trace_on(tag);
    std::vector<adouble> arguments(x.size());
    for (size_t i = 0; i < x.size(); i++) arguments[i] <<= x[i];
    double value;
    f(arguments) >>= value;
    trace_off();
}

template <class F> void add(Jobs& jobs, const std::string& name, short tag, std::vector<double> x, F f, int entry)
{
    record(tag, x, f);
    jobs[name] = [=, g = std::vector<double>(x.size())]() mutable
    {
        gradient(tag, x.size(), x.data(), g.data());
        return g[entry];
    };
    jobs[name + "+tape"] = [=, g = std::vector<double>(x.size())]() mutable
    {
        record(tag + 1, x, f);
        gradient(tag + 1, x.size(), x.data(), g.data());
        return g[entry];
    };
}

int main()
{
    Jobs jobs;
    add(jobs, "loop", 1, {0.5, 0.999, 0.001}, [](auto& x) { return loop(x[0], x[1], x[2]); }, 1);
    add(jobs, "rosenbrock", 3, start(), [](auto& x) { return rosenbrock(x); }, 0);
    add(jobs, "product", 5, start(), [](auto& x) { return product(x); }, 0);

    std::vector<double> a = matrix(), at(Side);
    for (int j = 0; j < Side; j++) at[j] = std::cos(j);
    trace_on(7);
    {
        std::vector<adouble> x(Side);
        for (int j = 0; j < Side; j++) x[j] <<= at[j];
        for (int i = 0; i < Side; i++)
        {
            adouble sum = 0;
            for (int j = 0; j < Side; j++) sum += a[i * Side + j] * x[j];
            double value;
            tanh(sum) >>= value;
        }
    }
    trace_off();
    std::vector<double> storage(Side * Side);
    std::vector<double*> rows(Side);
    for (int i = 0; i < Side; i++) rows[i] = &storage[i * Side];
    jobs["jacobian"] = [&] { jacobian(7, Side, Side, at.data(), rows.data()); return rows[3][5]; };

    Training reused;
    trace_on(8);
    {
        adouble w, b, loss;
        double value;
        w <<= 0; b <<= 0;
        locint x = mkparam_idx(1), y = mkparam_idx(1);
        adouble error = w * getparam(x) + b - getparam(y);
        loss = error * error;
        loss >>= value;
    }
    trace_off();
    jobs["neuron"] = [&]
    {
        double p[2] = {reused.input(), reused.target()}, at[2] = {reused.w, reused.b}, g[2];
        set_param_vec(8, 2, p);
        gradient(8, 2, at, g);
        reused.descend(g[0], g[1]);
        return reused.w;
    };
    Training retaped;
    jobs["neuron+tape"] = [&]
    {
        double g[2], at[2] = {retaped.w, retaped.b};
        record(9, {retaped.w, retaped.b}, [&](auto& p) { return neuron(p[0], p[1], retaped.input(), retaped.target()); });
        gradient(9, 2, at, g);
        retaped.descend(g[0], g[1]);
        return retaped.w;
    };
    return serve(jobs);
}
