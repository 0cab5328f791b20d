// The jobs of the comparison, generic over the number type, and the protocol both programs speak: a line "job repeats" on
// standard input is answered by a line "nanoseconds-per-repeat check-value" on standard output.
#pragma once
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

constexpr int Size = 1000;        // arguments of Rosenbrock and of the product, steps of the loop
constexpr int Side = 100;         // the Jacobian is Side x Side

template <class T> T loop(const T& v0, const T& x, const T& b)
{
    T v = v0;
    for (int k = 0; k < Size; k++) v = v * x + b;
    return v;
}

template <class T> T rosenbrock(const std::vector<T>& x)
{
    T sum = 0;
    for (int i = 0; i + 1 < Size; i++)
    {
        T bend = x[i + 1] - x[i] * x[i], gap = 1.0 - x[i];
        sum += 100.0 * (bend * bend) + gap * gap;
    }
    return sum;
}

template <class T> T product(const std::vector<T>& x)
{
    T value = x[0];
    for (int i = 1; i < Size; i++) value = value * x[i];
    return value;
}

template <class T> T neuron(const T& w, const T& b, double x, double y)
{
    T error = w * x + b - y;
    return error * error;
}

inline std::vector<double> start()
{
    std::vector<double> x(Size);
    for (int i = 0; i < Size; i++) x[i] = 1 + 0.001 * std::sin(i);
    return x;
}

inline std::vector<double> matrix()
{
    std::vector<double> a(Side * Side);
    for (int i = 0; i < Side; i++)
        for (int j = 0; j < Side; j++) a[i * Side + j] = 0.1 * std::sin(100 * i + j);
    return a;
}

/// Trains the neuron: every repeat is one step of gradient descent, on the next of four examples.
struct Training
{
    static constexpr double inputs[4] = {-1, -0.5, 0.5, 1}, targets[4] = {-2, -0.5, 2.5, 4};
    double w = 0, b = 0;
    int step = 0;

    double input() const { return inputs[step & 3]; }
    double target() const { return targets[step & 3]; }
    void descend(double gradW, double gradB) { w -= 0.01 * gradW; b -= 0.01 * gradB; step++; }
};

/// A job does its work once and returns the value that every program must agree on.
using Jobs = std::map<std::string, std::function<double()>>;

inline int serve(Jobs jobs)
{
    std::string name;
    int repeats;
    while (std::cin >> name >> repeats)
    {
        auto job = jobs.find(name);
        if (job == jobs.end()) { std::cout << "nan nan" << std::endl; continue; }
        double check = 0;
        for (int r = 0; r < repeats / 4; r++) job->second();   // untimed: a core that has just been idle is slow at first
        auto from = std::chrono::steady_clock::now();
        for (int r = 0; r < repeats; r++) check = job->second();
        std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - from;
        std::printf("%.17g %.17g\n", taken.count() / repeats, check);
        std::fflush(stdout);
    }
    return 0;
}
