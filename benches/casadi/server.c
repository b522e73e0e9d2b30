/* Runs one of CasADi's derivatives as often as it is told, and says how long that took: benches/casadi/generate.py.
 *
 * Argument: the name of a function. Input: how many numbers its arguments have, and these numbers. Output: how many
 * numbers the derivative has, and these. Then for each count of calls that is read, nanoseconds for one batch of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "table.h"

static const struct entry *find(const char *name) {
    for (const struct entry *e = table; e->name; e++) {
        if (!strcmp(e->name, name)) return e;
    }
    return NULL;
}

static void *zeros(size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (!memory) exit(1);
    return memory;
}

int main(int argc, char **argv) {
    const struct entry *e = argc == 2 ? find(argv[1]) : NULL;
    if (!e) return 1;
    size_t count;
    if (scanf("%zu", &count) != 1 || count != e->inputs) return 1;
    double *numbers = zeros(count, sizeof *numbers), *result = zeros(e->outputs, sizeof *result);
    for (size_t i = 0; i < count; i++) {
        if (scanf("%lf", &numbers[i]) != 1) return 1;
    }
    const double **arg = zeros(e->sz_arg, sizeof *arg);
    double **res = zeros(e->sz_res, sizeof *res), *w = zeros(e->sz_w, sizeof *w);
    long long *iw = zeros(e->sz_iw, sizeof *iw);
    const double *next = numbers;
    for (size_t i = 0; i < e->arguments; i++) {
        arg[i] = next;
        next += e->sizes[i];
    }
    res[0] = result;
    e->function(arg, res, iw, w, NULL);
    printf("%zu\n", e->outputs);
    for (size_t i = 0; i < e->outputs; i++) printf("%.17g\n", result[i]);
    fflush(stdout);
    unsigned long calls;
    while (scanf("%lu", &calls) == 1) {
        struct timespec start, end;
        /* The other process ran since the last batch: what that has thrown out of the caches comes back first. */
        e->function(arg, res, iw, w, NULL);
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (unsigned long i = 0; i < calls; i++) {
            e->function(arg, res, iw, w, NULL);
            __asm__ volatile("" ::: "memory");
        }
        clock_gettime(CLOCK_MONOTONIC, &end);
        printf("%.9g\n", (end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec));
        fflush(stdout);
    }
    return 0;
}
