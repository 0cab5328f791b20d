#!/usr/bin/env bash
# Builds the peers of the verb "scalar". Debian: apt install g++ libadolc-dev libeigen3-dev
# The C# peers take part where their assemblies are: build them from their repositories (Release), put each library's assemblies
# in a folder of its own, and name the folders in DEEPSIGMA (DeepSigma.Mathematics.AutoDiff.*.dll) and ALEXSHTF (AutoDiff.dll).
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-bin}
mkdir -p "$out"
g++ -O3 -march=native -std=c++17 adolc.cpp -o "$out/adolc" -ladolc
g++ -O3 -march=native -std=c++17 -I/usr/include/eigen3 eigen.cpp -o "$out/eigen"
for peer in deepsigma alexshtf; do
    libraries=${peer^^}
    [ -z "${!libraries:-}" ] && continue
    dotnet publish -c Release -v quiet "csharp/$peer" -o "$out/$peer.net" -p:Libraries="$(realpath "${!libraries}")"
    ln -sf "$peer.net/$peer" "$out/$peer"
done
