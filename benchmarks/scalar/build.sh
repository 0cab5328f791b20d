#!/usr/bin/env bash
# Builds the C++ peers of the verb "scalar". Debian: apt install g++ libadolc-dev libeigen3-dev
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-bin}
mkdir -p "$out"
g++ -O3 -march=native -std=c++17 adolc.cpp -o "$out/adolc" -ladolc
g++ -O3 -march=native -std=c++17 -I/usr/include/eigen3 eigen.cpp -o "$out/eigen"
