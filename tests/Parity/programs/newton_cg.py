import torch

torch.set_default_dtype(torch.float64)


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


# Newton's method; the direction by conjugate gradients, which need products with the Hessian and not the matrix.
x = torch.tensor([1.3, 0.7, 0.8, 1.9, 1.2, 1.5], requires_grad=True)
for iteration in range(1, 60):
    f = rosenbrock(x)
    g = torch.autograd.grad(f, x, create_graph=True)[0]
    if g.norm() < 1e-8:
        break

    def product(v):
        return torch.autograd.grad(g, x, v, retain_graph=True)[0]

    p, r = torch.zeros_like(x), -g.detach()
    d, rr = r.clone(), r.dot(r)
    for _ in range(12):
        hd = product(d)
        curvature = d.dot(hd)
        if curvature <= 0:
            p = p if p.norm() > 0 else r
            break
        a = rr / curvature
        p, r = p + a * d, r - a * hd
        new = r.dot(r)
        if new.sqrt() < 1e-10:
            break
        d, rr = r + new / rr * d, new
    step = 1.0
    with torch.no_grad():
        while rosenbrock(x + step * p) > f + 1e-4 * step * g.dot(p) and step > 1e-10:
            step /= 2
        x += step * p
    print(f"iteration {iteration}: f = {f.item():.6e}, |g| = {g.norm().item():.3e}, step {step}")
print(f"after {iteration - 1} iterations x =", *[f"{v:.6f}" for v in x.tolist()])
