/* Double precision arithmetic: a n-body step, a sum of square roots, printing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 1000;
    double x[3] = {0, 1, 3}, v[3] = {0.1, -0.2, 0.3}, m[3] = {3, 2, 1}, sum = 0;
    for (long s = 0; s < n; s++) {
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                if (i != j) {
                    double d = x[j] - x[i];
                    v[i] += 1e-4 * m[j] * d / (fabs(d * d * d) + 0.01);
                }
        for (int i = 0; i < 3; i++)
            x[i] += 1e-4 * v[i];
        sum += sqrt(s * 0.5) + (int) (s * 1.25);
    }
    printf("%.12g %.12g %.12g %.17g %Lg\n", x[0], x[1], x[2], sum, (long double) sum / 3);
    return 0;
}
