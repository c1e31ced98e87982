"""Margins of homogeneous networks in double: reads networks and data as JSON, prints the numbers as JSON. Needs NumPy alone.

Written from the definitions, without a look at the library: an example's margin is its own logit less the largest other one.
"""

import json
import sys

import numpy as np


def activate(name, x):
    return {"relu": lambda: np.maximum(x, 0), "leaky": lambda: np.where(x > 0, x, 0.01 * x), "none": lambda: x}[name]()


def convolve(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    return np.einsum("ncyxhw,ochw->noyx", windows, w)


def pool(x):
    n, c, h, w = x.shape
    return x[:, :, : h // 2 * 2, : w // 2 * 2].reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(3, 5))


def log_sum(x):
    """log(sum(exp(x)))"""
    return x.max() + np.log(np.exp(x - x.max()).sum())


def log_log1p_exp(x):
    """log(log(1 + exp(x))), which is x for exp(x) below the precision of double"""
    return np.where(x < -40, x, np.log(np.logaddexp(0, np.maximum(x, -40))))


def log_expm1_exp(x):
    """log(exp(exp(x)) - 1)"""
    return x if x < -40 else np.exp(x) + np.log(-np.expm1(-np.exp(x)))


def slope(name, z):
    return {"relu": lambda: (z > 0) * 1.0, "leaky": lambda: np.where(z > 0, 1.0, 0.01), "none": lambda: np.ones_like(z)}[name]()


def forward(network, weights, x):
    """The logits, and of each layer its input, its sums, and its activations."""
    seen = []
    for layer, w in zip(network["layers"], weights):
        if w.ndim == 4:
            side = int(round((x.shape[1] / w.shape[1]) ** 0.5)) if x.ndim == 2 else x.shape[2]
            x = x.reshape(len(x), w.shape[1], side, side)
            z = convolve(x, w)
            a = activate(layer["activation"], z)
            seen.append((x, z, a))
            x = pool(a)
        else:
            x = x.reshape(len(x), -1)
            z = x @ w
            seen.append((x, z, z))
            x = activate(layer["activation"], z)
    return x, seen


def backward(network, weights, seen, error):
    """From derivatives by the logits those by all weights, summed over the examples, and by the features."""
    gradients = []
    for layer, w, (x, z, a) in reversed(list(zip(network["layers"], weights, seen))):
        if w.ndim == 4:
            up = np.zeros_like(a)
            pooled = pool(a)
            error = error.reshape(pooled.shape)
            for i in range(pooled.shape[2]):
                for j in range(pooled.shape[3]):
                    window = a[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                    up[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = error[:, :, i : i + 1, j : j + 1] * (
                        window == pooled[:, :, i : i + 1, j : j + 1]
                    )
            error = up * slope(layer["activation"], z)
            windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
            gradients.append(np.einsum("ncyxhw,noyx->ochw", windows, error))
            h, v = w.shape[2] - 1, w.shape[3] - 1
            padded = np.pad(error, ((0, 0), (0, 0), (h, h), (v, v)))
            error = convolve(padded, w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3))
        else:
            error = error.reshape(z.shape) * slope(layer["activation"], z)
            gradients.append(x.T @ error)
            error = error @ w.T
    return gradients[::-1], error.reshape(len(error), -1)


def measure(network):
    keep = np.array(network["mask"]) > 0
    x = np.array(network["features"])[keep]
    labels = np.array(network["labels"])[keep]
    weights = [np.array(layer["w"]).reshape(layer["shape"]) for layer in network["layers"]]
    x, seen = forward(network, weights, x)
    single = x.shape[1] == 1
    if single:  # the logit of class 1, beside one of 0
        x = np.hstack([0 * x, x])
    rows = np.arange(len(x))
    own = x[rows, labels]
    others = x.copy()
    others[rows, labels] = -np.inf
    margins = own - others.max(axis=1)
    pairs = own[:, None] - others  # infinite at the label itself
    rho = np.sqrt(sum((w**2).sum() for w in weights))
    norms = [np.linalg.norm(w) for w in weights]
    singular = [np.linalg.svd(w.reshape(len(w), -1), compute_uv=False) for w in weights]
    log_loss = log_sum(log_log1p_exp(np.array([log_sum(row) for row in others - own[:, None]])))
    degree = len(weights)

    # dl/dq_ij of l = log(1 + sum_j exp(-q_ij)), its largest taken out
    logs = -pairs - np.array([np.logaddexp(0, log_sum(-row)) for row in pairs])[:, None]
    shares = np.exp(logs - logs.max())
    sizes = shares.sum(axis=1)
    error = shares.copy()
    error[rows, labels] = -sizes
    gradients, _ = backward(network, weights, seen, error[:, 1:] if single else error)
    gradient = np.concatenate([g.ravel() for g in gradients])
    flat = np.concatenate([w.ravel() for w in weights])
    size = np.linalg.norm(gradient)
    beta = -(gradient @ flat) / size / rho
    smallest = margins.min()
    late = {}
    if smallest > 0:
        finite = np.where(np.isfinite(pairs), pairs, smallest)
        late = {
            "kktEpsilon": np.sqrt(2 * (1 - beta)) * (smallest / rho**degree) ** (-1 / degree),
            "kktDelta": (smallest ** (1 - 2 / degree) * rho * shares / size * (finite / smallest - 1)).max(),
        }

    distances = np.full(len(x), np.inf)
    for other in range(x.shape[1]):
        unit = np.zeros_like(x)
        unit[rows, labels] = 1
        unit[rows, other] -= 1
        _, by_features = backward(network, weights, seen, unit[:, 1:] if single else unit)
        length = np.linalg.norm(by_features, axis=1)
        there = (labels != other) & (length > 0)
        distances[there] = np.minimum(distances[there], (own - x[:, other])[there] / length[there])
    return {
        "margins": margins.tolist(),
        "minimumMargin": smallest,
        "accuracy": (margins > 0).mean(),
        "norm": rho,
        "layerNorms": norms,
        "normalizedMargin": smallest / rho**degree,
        "linfNormalizedMargin": smallest / max(np.abs(w).max() for w in weights) ** degree,
        "l1NormalizedMargin": smallest / sum(np.abs(w).sum() for w in weights) ** degree,
        "productNormalizedMargin": smallest / np.prod(norms),
        "logLossSum": log_loss,
        "smoothedMargin": -log_expm1_exp(log_loss) / rho**degree,
        "spectralNorms": [s[0] for s in singular],
        "stableRanks": [(s**2).sum() / s[0] ** 2 for s in singular],
        "alignment": beta,
        "effectiveSupport": sizes.sum() ** 2 / (sizes**2).sum(),
        "distances": distances[np.isfinite(distances)].tolist(),
        **late,
    }


json.dump([measure(network) for network in json.load(sys.stdin)], sys.stdout)
