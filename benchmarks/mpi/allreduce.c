// MPI's own all-reduce, for the figures of docs/distributed.md: the same ranks, sizes and statistics as Speed.AllReduces in
// tests/Adjoint.Distributed.Tests.
//   mpicc -O2 allreduce.c -o allreduce && mpirun -n 2 ./allreduce [multiple]
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    int provided, rank, ranks, level = argc > 1 && strcmp(argv[1], "multiple") == 0 ? MPI_THREAD_MULTIPLE : MPI_THREAD_SINGLE;
    MPI_Init_thread(&argc, &argv, level, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    const int counts[] = { 1, 1000, 262144, 401408, 669706, 2500000 };
    for (int c = 0; c < 6; c++) {
        int count = counts[c], rounds = count > 100000 ? 200 : 2000;
        float *values = malloc(count * sizeof(float));
        double *times = malloc(rounds * sizeof(double));
        for (int i = 0; i < count; i++) values[i] = i % 7;
        for (int i = -50; i < rounds; i++) {
            MPI_Barrier(MPI_COMM_WORLD);
            double begin = MPI_Wtime();
            MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_MAX, MPI_COMM_WORLD);
            if (i >= 0) times[i] = (MPI_Wtime() - begin) * 1e6;
        }
        qsort(times, rounds, sizeof(double), compare);
        if (rank == 0) printf("n=%d k=%d median %.1f us p10 %.1f\n", ranks, count, times[rounds / 2], times[rounds / 10]);
        free(values);
        free(times);
    }
    MPI_Finalize();
}
