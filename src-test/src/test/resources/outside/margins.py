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


def measure(network):
    x = np.array(network["features"])
    labels = np.array(network["labels"])
    weights = [np.array(layer["w"]).reshape(layer["shape"]) for layer in network["layers"]]
    for layer, w in zip(network["layers"], weights):
        if w.ndim == 4:
            side = int(round((x.shape[1] / w.shape[1]) ** 0.5)) if x.ndim == 2 else x.shape[2]
            x = activate(layer["activation"], convolve(x.reshape(len(x), w.shape[1], side, side), w))
            x = pool(x)
        else:
            x = activate(layer["activation"], x.reshape(len(x), -1) @ w)
    rows = np.arange(len(x))
    own = x[rows, labels]
    others = x.copy()
    others[rows, labels] = -np.inf
    margins = own - others.max(axis=1)
    rho = np.sqrt(sum((w**2).sum() for w in weights))
    norms = [np.linalg.norm(w) for w in weights]
    singular = [np.linalg.svd(w.reshape(len(w), -1), compute_uv=False) for w in weights]
    log_loss = log_sum(log_log1p_exp(np.array([log_sum(row) for row in others - own[:, None]])))
    degree = len(weights)
    return {
        "margins": margins.tolist(),
        "minimumMargin": margins.min(),
        "accuracy": (margins > 0).mean(),
        "norm": rho,
        "layerNorms": norms,
        "normalizedMargin": margins.min() / rho**degree,
        "linfNormalizedMargin": margins.min() / max(np.abs(w).max() for w in weights) ** degree,
        "l1NormalizedMargin": margins.min() / sum(np.abs(w).sum() for w in weights) ** degree,
        "productNormalizedMargin": margins.min() / np.prod(norms),
        "logLossSum": log_loss,
        "smoothedMargin": -log_expm1_exp(log_loss) / rho**degree,
        "spectralNorms": [s[0] for s in singular],
        "stableRanks": [(s**2).sum() / s[0] ** 2 for s in singular],
    }


json.dump([measure(network) for network in json.load(sys.stdin)], sys.stdout)
