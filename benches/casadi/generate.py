#!/usr/bin/env python3
"""The benchmark's functions in CasADi, their derivatives as C, and a program that runs them.

usage: generate.py FOLDER

Needs casadi (`pip install casadi`) and a C compiler (`CC`, by default gcc). Writes C files into FOLDER, and the programs
default/casadi and native/casadi, which the benchmark runs if the environment variable CASADI names FOLDER. Nothing in the
workspace needs them.
"""
import os
import pathlib
import subprocess
import sys

import casadi as ca

PI = 3.141592653589793


def matrix(name, rows, columns=1):
    return ca.SX.sym(name, rows, columns)


def dot(a, b):
    return ca.sum1(a * b)


def squares(a):
    return ca.sumsqr(a)


def forward(l, b):
    """Solves with a lower triangular matrix."""
    x = []
    for i in range(l.shape[0]):
        x.append((b[i] - sum(l[i, j] * x[j] for j in range(i))) / l[i, i])
    return ca.vertcat(*x)


def likelihood(s, d):
    """Half of d'S^-1 d and of the logarithm of the determinant, by one Cholesky factorisation."""
    l = ca.chol(s).T
    y = forward(l, d)
    product = 1.0
    for i in range(l.shape[0]):
        product *= l[i, i]
    return 0.5 * squares(y) + ca.log(product)


def eliminated(m, b):
    """Solution and determinant, without pivoting: the data need none."""
    n = m.shape[0]
    m = [[m[i, j] for j in range(n)] for i in range(n)]
    x = [[b[i, j] for j in range(b.shape[1])] for i in range(n)]
    determinant = 1.0
    for k in range(n):
        determinant = determinant * m[k][k]
        for i in range(k + 1, n):
            factor = m[i][k] / m[k][k]
            m[i] = [m[i][j] - factor * m[k][j] if j > k else 0 for j in range(n)]
            x[i] = [x[i][j] - factor * x[k][j] for j in range(b.shape[1])]
    for i in reversed(range(n)):
        for c in range(b.shape[1]):
            known = sum(m[i][j] * x[j][c] for j in range(i + 1, n))
            x[i][c] = (x[i][c] - known) / m[i][i]
    return ca.vertcat(*[ca.horzcat(*row) for row in x]), determinant


CASES = {}


def case(name, arguments, value, by=(0,)):
    CASES[name] = (arguments, value, by)


def twenty():
    for n in (3, 6, 12, 32):
        x, a, b = matrix("x", n), matrix("a", n, n), matrix("b", n)
        case(f"quad{n}", [x, a, b], dot(x, a @ x) + dot(b, x))
    for m, n in ((10, 4), (64, 16)):
        w, x, y = matrix("w", n), matrix("x", m, n), matrix("y", m)
        case(f"lsa{m}x{n}", [w, x, y], squares(x @ w - y))
        case(f"lsx{m}x{n}", [x, w, y], squares(x @ w - y))
    for n in (4, 30):
        w, x, y = matrix("w", n), matrix("x", 100, n), matrix("y", 100)
        loss = ca.sum1(ca.log1p(ca.exp(-y * (x @ w)))) + 0.05 * squares(w)
        case(f"logreg{n}", [w, x, y], loss)
    for n in (3, 6):
        s, mu, x = matrix("s", n, n), matrix("mu", n), matrix("x", n)
        # The gradient in a symmetric matrix: half of the one in each of two equal entries.
        case(f"nllS{n}", [s, mu, x], likelihood(0.5 * (s + s.T), x - mu))
        case(f"nllmu{n}", [mu, s, x], likelihood(s, x - mu))
    s1, m1, s2, m2 = matrix("s1", 4, 4), matrix("m1", 4), matrix("s2", 4, 4), matrix("m2", 4)
    d = m2 - m1
    solved, det2 = eliminated(s2, ca.horzcat(d, s1))
    _, det1 = eliminated(s1, d)
    divergence = 0.5 * (ca.log(det2 / det1) - 4 + ca.trace(solved[:, 1:]) + dot(d, solved[:, 0]))
    case("kl4", [s1, m1, s2, m2], divergence, (0, 1))
    for n in (4, 16):
        x, a, b = matrix("x", n, n), matrix("a", n, n), matrix("b", n, n)
        case(f"trx{n}", [x, a, b], ca.sum1(ca.vec((x @ a) * (b.T @ x))))
    c, p, seen = matrix("c", 9), matrix("p", 3), matrix("seen", 2)
    angle = ca.norm_2(c[:3])
    k = c[:3] / angle
    sin, cos = ca.sin(angle), ca.cos(angle)
    q = p * cos + ca.cross(k, p) * sin + k * (dot(k, p) * (1 - cos)) + c[3:6]
    uv = q[:2] * (-1 / q[2])
    square = squares(uv)
    case("ba", [c, p, seen], uv * (c[6] * (1 + square * (c[7] + c[8] * square))) - seen, (0, 1))
    w1, w2, x, t = matrix("w1", 16, 8), matrix("w2", 16), matrix("x", 8), matrix("t", 1)
    case("mlp", [w1, w2, x, t], 0.5 * (dot(w2, ca.tanh(w1 @ x)) - t) ** 2, (0, 1))


def rosenbrock(n):
    x = matrix("x", n)
    return [x], sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(n - 1))


def estimation():
    w, x, y = matrix("w", 5), matrix("x", 30, 5), matrix("y", 30)
    r = x @ w - y
    case("huber", [w, x, y], ca.sum1(ca.if_else(ca.fabs(r) <= 1, 0.5 * r * r, ca.fabs(r) - 0.5)))
    case("cauchy", [w, x, y], ca.sum1(ca.log1p(r * r)))
    w, a, y, l = matrix("w", 6), matrix("a", 20, 6), matrix("y", 20), matrix("l", 1)
    case("ridge", [w, a, y, l], 0.5 * squares(a @ w - y) + 0.5 * l * squares(w))
    w, x, y = matrix("w", 5), matrix("x", 50, 5), matrix("y", 50)
    case("poisson", [w, x, y], ca.sum1(ca.exp(x @ w) - y * (x @ w)))
    x, mu, s = matrix("x", 8), matrix("mu", 8), matrix("s", 8, 8)
    case("mahalanobis", [x, mu, s], ca.norm_2(forward(ca.chol(s).T, x - mu)))
    p, t, y = matrix("p", 3), matrix("t", 5), matrix("y", 5)
    kernel = ca.SX.zeros(5, 5)
    for i in range(5):
        for j in range(5):
            kernel[i, j] = p[0] ** 2 * ca.exp(-0.5 * ((t[i] - t[j]) / p[1]) ** 2) + (p[2] ** 2 if i == j else 0)
    case("process", [p, t, y], likelihood(kernel, y))
    x, p, h, r, z = matrix("x", 4), matrix("p", 4, 4), matrix("h", 2, 4), matrix("r", 2, 2), matrix("z", 2)
    v, s = z - h @ x, h @ p @ h.T + r
    solved, determinant = eliminated(s, v)
    case("innovation", [x, p, h, r, z], 0.5 * dot(v, solved) + 0.5 * ca.log(determinant), (0, 1))
    p, t = matrix("p", 5), matrix("t", 20)
    weight = 1 / (1 + ca.exp(-p[0]))
    a, b = (t - p[1]) * ca.exp(-p[3]), (t - p[2]) * ca.exp(-p[4])
    first, second = weight * ca.exp(-0.5 * a * a - p[3]), (1 - weight) * ca.exp(-0.5 * b * b - p[4])
    case("mixture", [p, t], -ca.sum1(ca.log(first + second)))


def geometry():
    pose, landmark, seen = matrix("pose", 3), matrix("landmark", 2), matrix("seen", 2)
    d = landmark - pose[:2]
    case("bearing", [pose, landmark, seen], ca.vertcat(ca.norm_2(d), ca.atan2(d[1], d[0]) - pose[2]) - seen)
    p, r, t = matrix("p", 3), matrix("r", 3, 3), matrix("t", 3)
    c = r @ p + t
    case("pinhole", [p, r, t], ca.vertcat(1.5 * c[0] / c[2] + 0.1, 1.4 * c[1] / c[2] + 0.2))
    a, b = matrix("a", 3), matrix("b", 3)
    sin, cos = ca.sin(a[2]), ca.cos(a[2])
    moved = ca.vertcat(a[0] + cos * b[0] - sin * b[1], a[1] + sin * b[0] + cos * b[1], a[2] + b[2])
    case("compose", [a, b], moved, (0, 1))
    q, v = matrix("q", 2), matrix("v", 2)
    c = ca.cos(q[1])
    m = ca.vertcat(ca.horzcat(3 + 2 * c, 1 + c), ca.horzcat(1 + c, 1))
    case("two links", [q, v], 0.5 * dot(v, m @ v), (0, 1))
    q, a, b = matrix("q", 4), matrix("a", 3), matrix("b", 3)
    w, v = q[0], q[1:]
    turned = a * (w * w - squares(v)) + v * (2 * dot(v, a)) + ca.cross(v, a) * (2 * w)
    case("turned", [q, a, b], squares(turned / squares(q) - b))
    p, length = matrix("p", 2, 6), matrix("l", 1)
    parts = [0.5 * (ca.norm_2(p[:, i + 1] - p[:, i]) - length) ** 2 + 0.1 * p[1, i] for i in range(5)]
    case("chain", [p, length], sum(parts))
    c, points = matrix("c", 3), matrix("points", 2, 15)
    case("circle", [c, points], sum((ca.norm_2(points[:, i] - c[:2]) - c[2]) ** 2 for i in range(15)))


def learning():
    w, x, y = matrix("w", 5, 8), matrix("x", 8), matrix("y", 5)
    z = w @ x
    case("entropy", [w, x, y], ca.log(ca.sum1(ca.exp(z))) - dot(y, z))
    w, x = matrix("w", 6, 2), matrix("x", 20, 6)
    case("principal", [w, x], squares(x - (x @ w) @ w.T))
    u, v, r = matrix("u", 8, 3), matrix("v", 6, 3), matrix("r", 8, 6)
    case("factors", [u, v, r], squares(r - u @ v.T) + 0.1 * (squares(u) + squares(v)), (0, 1))
    w, x = matrix("w", 3, 6), matrix("x", 6)
    case("tied", [w, x], squares(w.T @ ca.tanh(w @ x) - x))
    w1, w2, x, y = matrix("w1", 6, 4), matrix("w2", 2, 6), matrix("x", 4, 10), matrix("y", 2, 10)
    case("batch", [w1, w2, x, y], 0.5 * squares(w2 @ ca.fmax(w1 @ x, 0) - y), (0, 1))
    a, b = matrix("a", 12), matrix("b", 12)
    case("cosine", [a, b], dot(a, b) / (ca.norm_2(a) * ca.norm_2(b)))


def matrices():
    a = matrix("a", 5, 5)
    case("inverse trace", [a], ca.trace(eliminated(a, ca.SX.eye(5))[0]))
    x, a, b = matrix("x", 5, 5), matrix("a", 5, 5), matrix("b", 5, 5)
    case("sylvester", [x, a, b], squares(a @ x - x @ b))
    x, a = matrix("x", 6), matrix("a", 6, 6)
    case("rayleigh", [x, a], dot(x, a @ x) / squares(x))
    w, x = matrix("w", 12), matrix("x", 12, 3)
    case("design", [w, x], -ca.log(ca.det(x.T @ (x * ca.repmat(w, 1, 3)))))
    x, c, a, b = matrix("x", 4), matrix("c", 4), matrix("a", 12, 4), matrix("b", 12)
    case("barrier", [x, c, a, b], dot(c, x) - 0.1 * ca.sum1(ca.log(b - a @ x)))
    a, b, q = matrix("a", 4, 4), matrix("b", 4), matrix("q", 4, 4)
    x, _ = eliminated(a, b)
    case("solution", [a, b, q], dot(x, q @ x))


def polynomials():
    case("rosen8", *rosenbrock(8))
    case("rosen20", *rosenbrock(20))
    x = matrix("x", 2)
    case("himmelblau", [x], (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2)
    x = matrix("x", 12)
    padded = ca.vertcat(0, x, 0)
    case("broyden", [x], 0.5 * squares((3 - 2 * x) * x + 1 - padded[:12] - 2 * padded[2:]))
    x = matrix("x", 8)
    case("rastrigin", [x], 80 + ca.sum1(x * x - 10 * ca.cos(2 * PI * x)))


def rollouts():
    u, start = matrix("u", 100), matrix("start", 2)
    angle, rate, cost = start[0], start[1], 0
    for k in range(100):
        turn = -9.81 * ca.sin(angle) - 0.1 * rate + u[k]
        angle, rate = angle + 0.02 * rate, rate + 0.02 * turn
        cost += angle * angle + 0.1 * rate * rate + 0.01 * u[k] * u[k]
    case("pendulum", [u, start], cost)
    a, start, seen = matrix("a", 4, 4), matrix("start", 4), matrix("seen", 4, 100)
    x, cost = start, 0
    for k in range(100):
        x = a @ x
        cost += squares(x - seen[:, k])
    case("linear", [a, start, seen], cost)
    p, start, seen = matrix("p", 4), matrix("start", 2), matrix("seen", 2, 100)
    x, y, cost = start[0], start[1], 0
    for k in range(100):
        dx, dy = p[0] * x - p[1] * x * y, p[2] * x * y - p[3] * y
        x, y = x + 0.01 * dx, y + 0.01 * dy
        cost += (x - seen[0, k]) ** 2 + (y - seen[1, k]) ** 2
    case("prey", [p, start, seen], cost)


def derivative(name, arguments, value, by):
    variables = [arguments[i] for i in by]
    flat = ca.vertcat(*[ca.vec(v) for v in variables])
    result = ca.gradient(value, flat) if value.is_scalar() else ca.jacobian(value, flat)
    return ca.Function("d_" + name.replace(" ", "_"), arguments, [ca.vec(ca.densify(result))])


ENTRY = """struct entry {
    const char *name;
    int (*function)(const double **, double **, long long *, double *, void *);
    size_t arguments, inputs, outputs, sz_arg, sz_res, sz_iw, sz_w, sizes[6];
};
"""


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    compiler = os.environ.get("CC", "gcc")
    for define in (twenty, estimation, geometry, learning, matrices, polynomials, rollouts):
        define()
    declarations, entries, files = [], [], []
    here = pathlib.Path.cwd()
    os.chdir(folder)
    for name, (arguments, value, by) in CASES.items():
        function = derivative(name, arguments, value, by)
        function.generate(function.name() + ".c")
        declarations.append(f"int {function.name()}(const double **, double **, long long *, double *, void *);")
        sizes = [a.numel() for a in arguments]
        numbers = [len(sizes), sum(sizes), function.numel_out(), function.sz_arg(), function.sz_res(), function.sz_iw(), function.sz_w()]
        listed = ", ".join(map(str, numbers))
        entries.append(f'    {{"{name}", {function.name()}, {listed}, {{{", ".join(map(str, sizes))}}}}},')
        files.append(function.name())
    table = ["#include <stddef.h>", ENTRY, *declarations, "static const struct entry table[] = {", *entries, "    {0}};", ""]
    pathlib.Path("table.h").write_text("\n".join(table))
    server = (here / __file__).resolve().parent / "server.c"
    for target, option in (("default", "-march=x86-64"), ("native", "-march=native")):
        pathlib.Path(target).mkdir(exist_ok=True)
        objects = [f"{target}/{file}.o" for file in files]
        for file, compiled in zip(files, objects):
            subprocess.run([compiler, "-O3", option, "-c", file + ".c", "-o", compiled], check=True)
        linked = [str(server), *objects, "-lm", "-o", f"{target}/casadi"]
        subprocess.run([compiler, "-O3", option, "-I.", *linked], check=True)


if __name__ == "__main__":
    main()
