"""Tracing: record what a function of NumPy arrays computes, so that a browser can compute the same.

A `Traced` array stands for numbers that are not known yet. It answers NumPy's own protocols (`__array_ufunc__`,
`__array_function__`), so that `np.sqrt(x)`, `a @ b`, `np.where(c, a, b)` or `x[:, None]` work unchanged and build a
graph instead of a value. Structurally equal expressions are one node, so nothing is computed twice. `trace` calls a
function once with such arrays; `simulation.javascript` writes the graph down as source.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

ELEMENTWISE = frozenset(
    "add subtract multiply divide floor_divide remainder power negative positive absolute sqrt exp expm1 log log1p log2 "
    "log10 sin cos tan arcsin arccos arctan sinh cosh tanh arctan2 hypot floor ceil trunc sign minimum maximum square "
    "reciprocal cbrt isfinite isnan isinf logical_and logical_or logical_not bitwise_and bitwise_or invert greater "
    "greater_equal less less_equal equal not_equal".split()
)
"""Names of the ufuncs that can be traced."""
REDUCTIONS = frozenset(("sum", "prod", "min", "max", "any", "all"))
LOGICAL = frozenset(
    "isfinite isnan isinf logical_and logical_or logical_not bitwise_and bitwise_or invert greater greater_equal less "
    "less_equal equal not_equal any all".split()
)

OF_BOOLS = {"add": "logical_or", "multiply": "logical_and", "maximum": "logical_or", "minimum": "logical_and"}
"""What NumPy's arithmetic of two truths is."""


class TraceError(TypeError):
    """A traced function asked for something that has no counterpart in the browser."""


class Program(NamedTuple):
    """A traced function: JavaScript source of `(inputs, constants) => result`, and the constants it refers to."""

    javascript: str
    constants: list


class Graph:
    """The nodes of one trace, each expression once."""

    def __init__(self):
        self.nodes = {}

    def node(self, op, args=(), params=(), shape=(), kind="number", loops=frozenset()):
        """Return the node of this expression: the one recorded before, if it is the same."""
        key = (op, tuple(id(a) for a in args), params, shape, kind)
        if key not in self.nodes:
            loops = loops.union(*(a.loops for a in args))
            self.nodes[key] = Traced(self, op, tuple(args), params, tuple(shape), kind, loops)
        return self.nodes[key]

    def constant(self, value):
        """Return the node of a known array, number or text."""
        if isinstance(value, str):
            return self.node("text", params=(value,), kind="text")
        value = np.asarray(value)
        if value.dtype.kind not in "bifu":
            raise TraceError(f"a traced function holds an array of {value.dtype}; only real numbers can be traced")
        kind = "bool" if value.dtype.kind == "b" else "number"
        return self.node("constant", params=(value.astype(float).tobytes(),), shape=value.shape, kind=kind)

    def lift(self, value):
        """Return `value` as a node of this graph."""
        if isinstance(value, Traced):
            return value
        if isinstance(value, list | tuple) and find_traced(value) is not None:
            return concatenate(self, [index(self.lift(v), (None,)) for v in value], 0)
        return self.constant(value)


def find_traced(tree):
    """Return a traced array found anywhere in nested tuples, lists and dicts, or None."""
    if isinstance(tree, Traced):
        return tree
    branches = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list | tuple) else ()
    return next((found for found in map(find_traced, branches) if found is not None), None)


class Traced(NDArrayOperatorsMixin):
    """An array, or a text, whose value is known only in the browser; `shape` is known now."""

    __array_priority__ = 1000

    def __init__(self, graph, op, args, params, shape, kind, loops):
        self.graph, self.op, self.args, self.params = graph, op, args, params
        self.shape, self.kind, self.loops = shape, kind, loops

    __hash__ = object.__hash__
    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: int(np.prod(self.shape, dtype=int)))
    T = property(lambda self: transpose(self, None))

    def __repr__(self):
        return f"<traced {self.op}, shape {self.shape}>"

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of a traced number")
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        raise TraceError(
            "a branch depends on a traced value; use np.where(condition, a, b) for numbers, simulation.words.choose for "
            "texts, and simulation.iterate.iterate for loops"
        )

    def _no_value(self, *_):
        raise TraceError("a traced value has no number yet; keep to NumPy's functions (np.sqrt, not math.sqrt or float)")

    __float__ = __int__ = __complex__ = _no_value

    def __index__(self):
        raise TraceError(
            "a traced value cannot be an index or a count; select with np.sum(np.where(np.arange(n) == i, x, 0)), and "
            "give loops a number of steps that is known beforehand"
        )

    def __array__(self, *_, **__):
        raise TraceError(
            "a traced value has no number yet; build arrays of them with np.stack or np.concatenate, not np.array, and "
            "select with np.sum(np.where(np.arange(n) == i, x, 0))"
        )

    def __format__(self, _):
        raise TraceError("a traced value has no text yet; write it with simulation.words: fixed, significant, choose and say")

    def __setitem__(self, *_):
        raise TraceError("a traced array cannot be assigned into; build it with np.where, np.stack or np.concatenate")

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        if method != "__call__" or out is not None or options:
            raise TraceError(f"np.{ufunc.__name__}.{method} with out= or options cannot be traced")
        if ufunc is np.matmul:
            return matmul(*map(self.graph.lift, inputs))
        if ufunc.__name__ not in ELEMENTWISE:
            raise TraceError(f"np.{ufunc.__name__} cannot be traced; these can: {', '.join(sorted(ELEMENTWISE))}")
        return elementwise(ufunc.__name__, [self.graph.lift(i) for i in inputs])

    def __array_function__(self, function, types, args, kwargs):
        if function not in FUNCTIONS:
            names = ", ".join(sorted(f.__name__ for f in FUNCTIONS))
            raise TraceError(f"np.{function.__name__} cannot be traced; these can: {names}")
        return FUNCTIONS[function](self.graph, *args, **kwargs)

    def __getitem__(self, key):
        return index(self, key if isinstance(key, tuple) else (key,))

    def reshape(self, *shape):
        return reshape(self, shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape)

    def sum(self, axis=None, **options):
        return reduce(self, "sum", axis, **options)

    def max(self, axis=None, **options):
        return reduce(self, "max", axis, **options)

    def min(self, axis=None, **options):
        return reduce(self, "min", axis, **options)


def _like(node):
    """Return zeros of a node's shape, without the memory: NumPy refuses with them what it would refuse with numbers."""
    return np.broadcast_to(0.0, node.shape)


def elementwise(name, nodes):
    """Record a ufunc of nodes, broadcast as NumPy does."""
    graph = nodes[0].graph
    if any(n.kind == "text" for n in nodes):
        raise TraceError(f"np.{name} of a text; texts are made by simulation.words")
    if name in OF_BOOLS and all(n.kind == "bool" for n in nodes):
        name = OF_BOOLS[name]
    if name == "power" and nodes[1].op == "constant" and nodes[1].shape == ():
        exponent = np.frombuffer(nodes[1].params[0])[0]
        if exponent in (0.5, 2.0):
            name, nodes = ("sqrt", nodes[:1]) if exponent == 0.5 else ("multiply", [nodes[0], nodes[0]])
    if name == "square":
        name, nodes = "multiply", [nodes[0], nodes[0]]
    shape = np.broadcast_shapes(*(n.shape for n in nodes))
    return graph.node(name, nodes, shape=shape, kind="bool" if name in LOGICAL else "number")


def where(graph, condition, a, b):
    """Record np.where."""
    nodes = [graph.lift(v) for v in (condition, a, b)]
    if nodes[1].kind != nodes[2].kind:
        nodes[1:] = [n * 1.0 if n.kind == "bool" else n for n in nodes[1:]]
    return graph.node("where", nodes, shape=np.broadcast_shapes(*(n.shape for n in nodes)), kind=nodes[1].kind)


def clip(graph, x, low=None, high=None):
    """Record np.clip."""
    x = graph.lift(x)
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def reduce(x, name, axis=None, keepdims=False):
    """Record a reduction over one axis, several, or all."""
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    shape = np.sum(_like(x), axis=axes).shape
    axes = tuple(sorted(a % x.ndim for a in axes))
    kind = "bool" if name in LOGICAL or (name in ("min", "max") and x.kind == "bool") else "number"
    out = x.graph.node("reduce", (x,), (name, axes), shape, kind)
    return index(out, tuple(None if i in axes else slice(None) for i in range(x.ndim))) if keepdims else out


def matmul(a, b):
    """Record a @ b as a sum of products."""
    np.matmul(_like(a), _like(b))
    if a.ndim == 1 and b.ndim == 1:
        return reduce(a * b, "sum")
    if b.ndim == 1:
        return reduce(a * b, "sum", -1)
    if a.ndim == 1:
        return reduce(a[:, None] * b, "sum", -2)
    return reduce(a[..., :, :, None] * b[..., None, :, :], "sum", -2)


def dot(a, b):
    """Record np.dot: a product of numbers, or a sum of products."""
    if b.ndim > 2:
        raise TraceError("np.dot of more than two axes cannot be traced; use a @ b")
    return matmul(a, b) if a.ndim and b.ndim else a * b


def index(x, key):
    """Record basic indexing (integers, slices, None, ...), or a gather by constant arrays of integers or truths."""
    if any(isinstance(k, Traced) for k in key):
        raise TraceError("a traced value cannot be an index; select with np.sum(np.where(np.arange(n) == i, x, 0))")
    _like(x)[key]
    lists = [k for k in key if np.ndim(k)]
    if len(lists) > 1 or any(np.ndim(k) > 1 for k in lists) or (lists and any(isinstance(k, int | np.integer) for k in key)):
        # NumPy has rules of its own for these: let it say which places they are.
        places = np.arange(x.size).reshape(x.shape)[key]
        return reshape(index(reshape(x, (-1,)), (places.ravel(),)), places.shape)
    if Ellipsis in [k for k in key if not isinstance(k, np.ndarray | list)]:
        at = next(i for i, k in enumerate(key) if k is Ellipsis)
        given = sum(k is not None for k in key) - 1
        key = key[:at] + (slice(None),) * (x.ndim - given) + key[at + 1 :]
    key = key + (slice(None),) * (x.ndim - sum(k is not None for k in key))
    shape, steps, axis = [], [], 0
    for k in key:
        if k is None:
            shape.append(1)
            steps.append(("new",))
            continue
        n = x.shape[axis]
        axis += 1
        if isinstance(k, slice):
            start, stop, stride = k.indices(n)
            shape.append(len(range(start, stop, stride)))
            steps.append(("slice", start, stride))
        elif np.ndim(k) == 0:
            if not -n <= k < n:
                raise IndexError(f"index {k} is out of bounds for a traced axis of length {n}")
            steps.append(("at", int(k) % n))
        else:
            rows = np.arange(n)[np.asarray(k)]
            shape.append(len(rows))
            steps.append(("gather", tuple(map(int, rows))))
    if tuple(shape) == x.shape and all(s == ("slice", 0, 1) for s in steps):
        return x
    return x.graph.node("index", (x,), tuple(steps), tuple(shape), x.kind)


def reshape(x, shape):
    """Record a reshape, row by row."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if -1 in shape:
        known = int(np.prod([n for n in shape if n != -1], dtype=int))
        shape = tuple(x.size // known if n == -1 else n for n in shape)
    if np.prod(shape, dtype=int) != x.size:
        raise ValueError(f"a traced array of shape {x.shape} cannot take the shape {shape}")
    return x if shape == x.shape else x.graph.node("reshape", (x,), shape=shape, kind=x.kind)


def transpose(x, axes=None):
    """Record a transposition."""
    axes = tuple(reversed(range(x.ndim))) if axes is None else tuple(a % x.ndim for a in axes)
    return x.graph.node("transpose", (x,), axes, tuple(x.shape[a] for a in axes), x.kind)


def concatenate(graph, nodes, axis=0):
    """Record a concatenation along an axis."""
    nodes = [graph.lift(n) for n in nodes]
    shape = np.concatenate([_like(n) for n in nodes], axis).shape
    axis %= nodes[0].ndim
    kind = "bool" if all(n.kind == "bool" for n in nodes) else "number"
    return graph.node("concatenate", nodes, (axis,), shape, kind)


def stack(graph, nodes, axis=0):
    """Record a stack along a new axis."""
    nodes = [graph.lift(n) for n in nodes]
    np.stack([_like(n) for n in nodes], axis)
    axis %= nodes[0].ndim + 1
    key = tuple(None if i == axis else slice(None) for i in range(nodes[0].ndim + 1))
    return concatenate(graph, [index(n, key) for n in nodes], axis)


def broadcast_to(graph, x, shape):
    """Record a broadcast to a shape."""
    x = graph.lift(x)
    return elementwise("add", [x, graph.constant(np.zeros(shape, bool if x.kind == "bool" else float))])


def cumsum(graph, x, axis=None):
    """Record a running sum along an axis, or over all elements."""
    x = graph.lift(x)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return graph.node("cumsum", (x,), (axis % x.ndim,), x.shape)


def _reducer(name):
    return lambda graph, x, axis=None, keepdims=False: reduce(graph.lift(x), name, axis, keepdims)


def _mean(graph, x, axis=None):
    x = graph.lift(x)
    total = reduce(x, "sum", axis)
    return total / (x.size / max(total.size, 1))


FUNCTIONS = {
    np.where: where,
    np.clip: clip,
    np.stack: stack,
    np.concatenate: concatenate,
    np.broadcast_to: broadcast_to,
    np.cumsum: cumsum,
    np.mean: _mean,
    np.reshape: lambda graph, x, shape: reshape(graph.lift(x), shape),
    np.ravel: lambda graph, x: reshape(x, (-1,)),
    np.transpose: lambda graph, x, axes=None: transpose(graph.lift(x), axes),
    np.expand_dims: lambda graph, x, axis: stack(graph, [x], axis),
    np.zeros_like: lambda graph, x: np.zeros(x.shape),
    np.ones_like: lambda graph, x: np.ones(x.shape),
    np.full_like: lambda graph, x, value: broadcast_to(graph, value, x.shape),
    np.dot: lambda graph, a, b: dot(graph.lift(a), graph.lift(b)),
    np.shape: lambda graph, x: x.shape,
    np.ndim: lambda graph, x: x.ndim,
    np.size: lambda graph, x: x.size,
} | {getattr(np, name): _reducer(name) for name in REDUCTIONS}
"""What the traced arrays answer of NumPy's functions, besides the ufuncs."""


def trace(function, **inputs):
    """Return the `Program` of `function(**inputs)`.

    Parameters
    ----------
    function : callable
        Pure; made of what `ELEMENTWISE` and `FUNCTIONS` list, of `simulation.words` and `simulation.iterate`. Returns
        nested dicts, lists and tuples of arrays (up to two axes), numbers and texts.
    inputs : float or array of shape (n,)
        Examples of the arguments: their shapes matter, their values do not.

    Returns
    -------
    Program
        Its result nests as the function's: numbers, texts, a Float64Array for one axis, a list of rows for two.

    Raises
    ------
    TraceError
        Where the function branches on a value, or calls what cannot be traced; the message names the remedy.

    Examples
    --------
    >>> print(trace(lambda alpha: 1 - alpha * 2, alpha=0.5).javascript)
    (inputs, constants) => {
    const t0 = (inputs["alpha"] * 2);
    const t1 = (1 - t0);
    return t1;
    }
    """
    from simulation.javascript import write

    graph = Graph()
    arguments = {name: graph.node("input", params=(name,), shape=np.shape(value)) for name, value in inputs.items()}
    return write(graph, function(**arguments))
