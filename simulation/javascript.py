"""Writing a traced graph down as JavaScript: numbers as constants, arrays as loops, each node once.

A node of an array is not computed by itself where its single reader can compute its elements on the way: every node can
say what its element at an index is (`Writer.element`), and only nodes read more than once, reductions and the like get
an array of their own. What does not depend on a loop's state stays outside that loop.
"""

import json
from itertools import product

import numpy as np

from simulation.trace import Program, Traced

INFIX = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "greater": ">", "greater_equal": ">=", "less": "<",
    "less_equal": "<=", "equal": "==", "not_equal": "!=",
}  # fmt: skip
PATTERNS = {
    "negative": "(-{0})",
    "positive": "{0}",
    "absolute": "Math.abs({0})",
    "power": "power({0}, {1})",
    "floor_divide": "floor_divide({0}, {1})",
    "remainder": "remainder({0}, {1})",
    "arcsin": "Math.asin({0})",
    "arccos": "Math.acos({0})",
    "arctan": "Math.atan({0})",
    "arctan2": "Math.atan2({0}, {1})",
    "hypot": "Math.hypot({0}, {1})",
    "minimum": "Math.min({0}, {1})",
    "maximum": "Math.max({0}, {1})",
    "reciprocal": "(1 / {0})",
    "isfinite": "isFinite({0})",
    "isnan": "Number.isNaN({0})",
    "isinf": "(Math.abs({0}) === Infinity)",
    "logical_and": "(!!{0} && !!{1})",
    "bitwise_and": "(!!{0} && !!{1})",
    "logical_or": "(!!{0} || !!{1})",
    "bitwise_or": "(!!{0} || !!{1})",
    "logical_not": "(!{0})",
    "invert": "(!{0})",
    "where": "({0} ? {1} : {2})",
}
CONDITIONS = {"where": 1, "choose": 1, "logical_and": 2, "logical_or": 2, "logical_not": 1}
"""How many arguments, from the first, are only asked whether they are zero."""
COMBINE = {
    "sum": ("0", "{0} + {1}"),
    "prod": ("1", "{0} * {1}"),
    "min": ("Infinity", "({1} < {0} || {1} !== {1}) ? {1} : {0}"),
    "max": ("-Infinity", "({1} > {0} || {1} !== {1}) ? {1} : {0}"),
    "any": ("0", "({0} || {1}) ? 1 : 0"),
    "all": ("1", "({0} && {1}) ? 1 : 0"),
}
HELPERS = {
    # As in C: 1 to any power is 1, and so is -1 to an infinite one; a floored quotient is not rounded up first.
    "power": "const power = (a, b) => a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b);",
    "floor_divide": "const floor_divide = (a, b) => { if (b == 0) return a / b; const r = a % b; "
    "const q = (a - r) / b - (r !== 0 && (r < 0) !== (b < 0) ? 1 : 0), f = Math.floor(q); return q - f > 0.5 ? f + 1 : f; };",
    "remainder": "const remainder = (a, b) => { const r = a % b; return r === 0 ? (b < 0 ? -0 : 0) "
    ": (r < 0) !== (b < 0) ? r + b : r; };",
    "special": "const special = (x) => Number.isNaN(x) ? 'not a number' : x > 0 ? '∞' : '−∞';",
    "signed": "const signed = (t) => /[1-9]/.test(t) ? t.replace('-', '−') : t.replace(/^-/, '');",
    "trimmed": "const trimmed = (t) => t.includes('.') ? t.replace(/0+$/, '').replace(/\\.$/, '') : t;",
    "fixed": "const fixed = (x, d) => Number.isFinite(x) ? signed(x.toLocaleString === undefined || Math.abs(x) < 1e21 "
    "? x.toFixed(d) : BigInt(x).toString() + (d ? '.' + '0'.repeat(d) : '')) : special(x);",
    "significant": "const significant = (x, d, low, high) => { if (!Number.isFinite(x)) return special(x); "
    "if (x === 0) return '0'; const [m, e] = x.toExponential(d - 1).split('e'); const p = Number(e), a = Math.abs(x); "
    "if (a >= low && a < high) return signed(trimmed(p >= d ? String(Number(x.toPrecision(d))) : x.toFixed(d - 1 - p < 0 "
    "? 0 : d - 1 - p))); "
    "return signed(trimmed(m)) + '×10' + String(p).replace(/./g, (c) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(c)]); };",
}
NEEDS = {"fixed": ("special", "signed"), "significant": ("special", "signed", "trimmed")}
LITERAL = 8
"""Up to so many numbers are written into the source; more are shipped as a constant."""
UNROLLED = 4
"""Up to so many elements are written out instead of looped over."""
VIEWS = frozenset(("index", "reshape", "transpose"))


def number(value):
    """Return a number as JavaScript writes it, to the last bit."""
    value = float(value)
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Infinity" if value > 0 else "(-Infinity)"
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 and (value or not np.signbit(value)) else repr(value)
    return f"({text})" if text.startswith("-") else text


def text(value):
    """Return a text as JavaScript writes it; no `</script>` can end the page's own."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\x3c")


def write(graph, result):
    """Return the `Program` that computes `result`, a nest of nodes, arrays, numbers and texts."""
    return Writer(graph, result).program()


class Writer:
    """Writes one program; `blocks` holds the statements of the function and of each loop's body."""

    def __init__(self, graph, result):
        self.graph, self.result = graph, result
        self.head, self.blocks = [], {None: []}
        self.constants, self.helpers, self.names, self.literals = [], [], {}, {}
        self.count = 0
        self.uses, self.own = {}, set()
        self._survey()

    def program(self):
        """Return the program."""
        answer = self._answer(self.result)
        used = [HELPERS[name] for name in HELPERS if name in self.helpers]
        lines = [*used, *self.head, *self.blocks[None], f"return {answer};"]
        return Program("(inputs, constants) => {\n" + "\n".join(lines) + "\n}", self.constants)

    # --- what needs an array of its own ---------------------------------------------------------------------------

    def _survey(self):
        order, seen = [], set()

        def visit(node):
            if node in seen:
                return
            seen.add(node)
            for other in self._reads(node):
                visit(other)
            order.append(node)

        for leaf in _leaves(self.result):
            if isinstance(leaf, Traced):
                visit(leaf)
                self.uses[leaf] = 2
        for node in reversed(order):
            uses = self.uses.get(node, 0)
            if node.op == "reshape":
                self.uses[node.args[0]] = 2
            elif node.op in VIEWS:
                self.uses[node.args[0]] = self.uses.get(node.args[0], 0) + uses
            else:
                for other in self._reads(node):
                    again = 2 if node.size > other.size > 1 else 1
                    self.uses[other] = self.uses.get(other, 0) + again
        self.own = {node for node in order if self._stands_alone(node)}

    def _reads(self, node):
        if node.op == "history":
            loop = node.params[0]
            return [*loop.initial, *loop.after]
        return node.args

    def _stands_alone(self, node):
        if node.op in VIEWS or node.op in ("constant", "text", "input", "state", "row", "history"):
            return False
        if node.shape == () or node.op in ("reduce", "concatenate", "cumsum"):
            return True
        return self.uses.get(node, 0) > 1

    # --- statements ------------------------------------------------------------------------------------------------

    def prepare(self, node):
        """Write the statements that `element(node, ...)` relies on."""
        if node in self.names:
            return
        if node.op == "history":
            self._loop(node.params[0])
            return
        for other in node.args:
            self.prepare(other)
        if node in self.own:
            self._compute(node)

    def _block(self, node):
        """Return the statements of the innermost loop that the node depends on."""
        return self.blocks[_innermost(node.loops)]

    def _name(self, prefix="t"):
        self.count += 1
        return f"{prefix}{self.count - 1}"

    def _compute(self, node):
        block = self._block(node)
        if node.shape == () and node.op != "reduce":
            expression = self._scalar(node)
            self.names[node] = name = self._name()
            block.append(f"const {name} = {expression};")
            return
        name = self._name()
        if node.op == "reduce":
            lines = self._reduction(node, name)
        else:
            self._allocate(name, node.size)
            lines = {"concatenate": self._concatenation, "cumsum": self._running}.get(node.op, self._filling)(node, name)
        self.names[node] = name
        block += lines

    def _allocate(self, name, size):
        # Outside every loop: a body that runs a hundred times fills the same array again.
        self.head.append(f"const {name} = new Float64Array({size});")

    def _filling(self, node, name):
        return self._nest(node.shape, lambda at: [f"{name}[{flat(at, node.shape)}] = {self.element(node, at)};"])

    def _concatenation(self, node, name):
        lines, offset = [], 0
        for part in node.args:
            (axis,) = node.params

            def put(at, part=part, offset=offset, axis=axis):
                there = [plus(a, offset) if i == axis else a for i, a in enumerate(at)]
                return [f"{name}[{flat(there, node.shape)}] = {self.element(part, at)};"]

            lines += self._nest(part.shape, put)
            offset += part.shape[axis]
        return lines

    def _running(self, node, name):
        (axis,), (source,) = node.params, node.args

        def put(at):
            before = [f"({a} - 1)" if i == axis else a for i, a in enumerate(at)]
            sofar = f"({at[axis]} > 0 ? {name}[{flat(before, node.shape)}] : 0)"
            return [f"{name}[{flat(at, node.shape)}] = {sofar} + {self.element(source, at)};"]

        return self._nest(node.shape, put)

    def _reduction(self, node, name):
        (kind, axes), (source,) = node.params, node.args
        start, combine = COMBINE[kind]
        kept = [i for i in range(source.ndim) if i not in axes]
        if node.shape:
            self._allocate(name, node.size)

        def one(at):
            sum_ = name if not node.shape else "s"
            lines = [f"let {sum_} = {start};"]

            def add(inner):
                where = [None] * source.ndim
                for i, a in zip(kept, at, strict=True):
                    where[i] = a
                for i, a in zip(axes, inner, strict=True):
                    where[i] = a
                element = self.element(source, where)
                element = truth(source, element) if kind in ("any", "all") else element
                if "{1}" in combine and combine.count("{1}") > 1:
                    return [f"{{ const v = {element}; {sum_} = {combine.format(sum_, 'v')}; }}"]
                return [f"{sum_} = {combine.format(sum_, element)};"]

            lines += self._nest([source.shape[i] for i in axes], add, "r")
            if node.shape:
                lines = ["{", *lines, f"{name}[{flat(at, node.shape)}] = s;", "}"]
            return lines

        return self._nest(node.shape, one)

    def _nest(self, shape, body, letter="i"):
        """Return the loops over all indices of a shape around `body(index)`; few indices are written out."""
        if np.prod(shape, dtype=int) <= UNROLLED:
            return [line for at in product(*(range(n) for n in shape)) for line in body([str(a) for a in at])]
        at = [f"{letter}{d}" if n > 1 else "0" for d, n in enumerate(shape)]
        loops = [f"for (let {a} = 0; {a} < {n}; {a}++) {{" for a, n in zip(at, shape, strict=True) if n > 1]
        return [*loops, *body(at), "}" * len(loops)]

    def _loop(self, loop):
        if loop in self.blocks:
            return
        for node in loop.initial:
            self.prepare(node)
        histories = {
            n.params[1]: n for n in self.graph.nodes.values() if n.op == "history" and n.params[0] is loop and n in self.uses
        }
        outer = self.blocks[_innermost(loop.outside)]
        k = loop.k = self._name("k")
        body = self.blocks[loop] = []
        states, starts = [], []
        for i, (before, initial) in enumerate(zip(loop.before, loop.initial, strict=True)):
            name = self.names[before] = self._name("s")
            states.append(name)
            if before.shape == ():
                starts.append(f"let {name} = {self.element(initial, [])};")
            else:
                self._allocate(name, before.size)
                starts += self._nest(
                    before.shape, lambda at, n=name, b=before, x=initial: [f"{n}[{flat(at, b.shape)}] = {self.element(x, at)};"]
                )
            if i in histories:
                column = self.names[histories[i]] = self._name("h")
                self._allocate(column, histories[i].size)
                starts += self._store(column, "0", before, name)
        for node in loop.after:
            self.prepare(node)
        nexts = []
        for before, after, name in zip(loop.before, loop.after, states, strict=True):
            new = self._name("n")
            if before.shape == ():
                body.append(f"const {new} = {self.element(after, [])};")
                nexts.append(f"{name} = {new};")
            else:
                self._allocate(new, before.size)
                body += self._nest(
                    before.shape,
                    lambda at, n=new, b=before, x=after: [f"{n}[{flat(at, b.shape)}] = {self.element(_broadcast(x, b), at)};"],
                )
                nexts += self._nest(
                    before.shape, lambda at, s=name, n=new, b=before: [f"{s}[{flat(at, b.shape)}] = {n}[{flat(at, b.shape)}];"]
                )
        body += nexts
        for i, node in histories.items():
            body += self._store(self.names[node], f"({k} + 1)", loop.before[i], states[i])
        outer += [*starts, f"for (let {k} = 0; {k} < {loop.n_steps}; {k}++) {{", *body, "}"]

    def _store(self, column, row, before, name):
        if before.shape == ():
            return [f"{column}[{row}] = {name};"]
        return self._nest(
            before.shape,
            lambda at: [f"{column}[{plus(times(row, before.size), flat(at, before.shape))}] = {name}[{flat(at, before.shape)}];"],
        )

    # --- expressions -----------------------------------------------------------------------------------------------

    def element(self, node, at):
        """Return the expression of a node's element at an index (a list of expressions, one an axis)."""
        if node in self.names:
            name = self.names[node]
            return name if node.shape == () else f"{name}[{flat(at, node.shape)}]"
        if node.op == "constant":
            return self._constant(node, at)
        if node.op == "text":
            return text(node.params[0])
        if node.op == "input":
            name = f"inputs[{text(node.params[0])}]"
            return name if node.shape == () else f"{name}[{at[0]}]"
        if node.op == "row":
            return self.element(node.args[0], [node.params[0].k, *at])
        if node.op == "index":
            return self.element(node.args[0], self._indexed(node, at))
        if node.op == "transpose":
            there = [None] * len(at)
            for a, axis in zip(at, node.params, strict=True):
                there[axis] = a
            return self.element(node.args[0], there)
        if node.op == "reshape":
            (source,) = node.args
            if source in self.names and source.shape:
                return f"{self.names[source]}[{flat(at, node.shape)}]"
            return self.element(source, unravel(flat(at, node.shape), source.shape))
        return self._apply(node, [self.element(a, _aligned(a, node, at)) for a in node.args])

    def _indexed(self, node, at):
        there, axis = [], 0
        for step in node.params:
            if step[0] == "at":
                there.append(str(step[1]))
                continue
            a = at[axis]
            axis += 1
            if step[0] == "slice":
                there.append(plus(times(a, step[2]), step[1]))
            elif step[0] == "gather":
                there.append(str(step[1][int(a)]) if a.isdecimal() else f"{self._shipped(np.array(step[1], float))}[{a}]")
        return there

    def _scalar(self, node):
        if node.op == "choose":
            condition, a, b = (self.element(n, []) for n in node.args)
            return f"{truth(node.args[0], condition)} ? {a} : {b}"
        if node.op == "say":
            pieces = [text(node.params[0])]
            for part, piece in zip(node.args, node.params[1:], strict=True):
                pieces += [self.element(part, [])] + ([text(piece)] if piece else [])
            return " + ".join(pieces)
        if node.op in ("fixed", "significant"):
            from simulation.words import LARGEST, SMALLEST

            self._help(node.op)
            bounds = f", {SMALLEST!r}, {LARGEST!r}" if node.op == "significant" else ""
            return f"{node.op}(Number({self.element(node.args[0], [])}), {node.params[0]}{bounds})"
        return self.element(node, [])

    def _apply(self, node, values):
        if node.op in INFIX:
            return f"({values[0]} {INFIX[node.op]} {values[1]})"
        asked = CONDITIONS.get(node.op, 0)
        values = [truth(a, v) for a, v in zip(node.args[:asked], values[:asked], strict=True)] + values[asked:]
        if node.op == "power" and node.args[1].op == "constant" and np.isfinite(np.frombuffer(node.args[1].params[0])).all():
            return f"Math.pow({values[0]}, {values[1]})"
        if node.op in HELPERS:
            self._help(node.op)
        return PATTERNS.get(node.op, f"Math.{node.op}({{0}})").format(*values)

    def _help(self, name):
        self.helpers += [name, *NEEDS.get(name, ())]

    def _constant(self, node, at):
        array = np.frombuffer(node.params[0]).reshape(node.shape)
        varying = [(a, n, d) for d, (a, n) in enumerate(zip(at, node.shape, strict=True)) if n > 1]
        fixed = [0 if n == 1 or not a.isdecimal() else int(a) for a, n in zip(at, node.shape, strict=True)]
        if all(a.isdecimal() for a, _, _ in varying):
            return number(array[tuple(fixed)])
        if node.size and np.all(array == array.flat[0]):
            return number(array.flat[0])
        if len(varying) == 1:
            # Counting needs no table: 0, 1, 2, ... is the index itself.
            values, a = array.ravel(), varying[0][0]
            whole = np.abs(values[:2]).max() < 2**53 and np.array_equal(values[:2], np.round(values[:2]))
            first, step = (int(values[0]), int(values[1] - values[0])) if whole else (0, 0)
            if whole and np.array_equal(values, first + step * np.arange(values.size)):
                return plus(times(a, step), first)
        return self._table(array, at)

    def _table(self, array, at):
        return f"{self._shipped(array.ravel())}[{flat(at, array.shape)}]"

    def _shipped(self, values):
        key = values.tobytes()
        if key not in self.literals:
            if values.size <= LITERAL:
                self.literals[key] = self._name("c")
                self.head.append(f"const {self.literals[key]} = [{', '.join(map(number, values))}];")
            else:
                self.literals[key] = f"constants[{len(self.constants)}]"
                self.constants.append(values.copy())
        return self.literals[key]

    # --- the result ------------------------------------------------------------------------------------------------

    def _answer(self, result):
        if isinstance(result, dict):
            return "{" + ", ".join(f"{text(str(k))}: {self._answer(v)}" for k, v in result.items()) + "}"
        if isinstance(result, list | tuple):
            return "[" + ", ".join(map(self._answer, result)) + "]"
        if isinstance(result, str):
            return text(result)
        if not isinstance(result, Traced):
            result = np.asarray(result, dtype=float)
            if result.ndim == 0:
                return number(result)
            return _rows(self._shipped(result.ravel()), result.shape, result.size <= LITERAL)
        self.prepare(result)
        if result.shape == ():
            value = self.element(result, [])
            return f"Number({value})" if result.kind == "bool" else value
        if result not in self.names:
            name = self._name()
            self._allocate(name, result.size)
            self.blocks[None] += self._filling(result, name)
            self.names[result] = name
        return _rows(self.names[result], result.shape)


def truth(node, value):
    """Return the expression of whether a node's value is other than zero, as NaN is."""
    return value if node.kind == "bool" else f"({value} != 0)"


def _innermost(loops):
    """Return the loop that lies in all the others."""
    return max(loops, key=_depth, default=None)


def _depth(loop):
    return 1 + max(map(_depth, loop.outside), default=0)


def _leaves(result):
    if isinstance(result, dict):
        result = list(result.values())
    return [leaf for part in result for leaf in _leaves(part)] if isinstance(result, list | tuple) else [result]


def _rows(name, shape, literal=False):
    name = f"Float64Array.from({name})" if literal else name
    if len(shape) == 1:
        return name
    if len(shape) > 2:
        raise ValueError(f"a traced result has at most two axes, not {len(shape)}")
    return f"Array.from({{length: {shape[0]}}}, (_, i) => {name}.subarray(i * {shape[1]}, (i + 1) * {shape[1]}))"


def _aligned(node, reader, at):
    """Return the index into `node` for an index into the node that reads it, as broadcasting pairs them."""
    tail = at[reader.ndim - node.ndim :]
    return ["0" if n == 1 else a for a, n in zip(tail, node.shape, strict=True)]


def _broadcast(node, before):
    return node if node.shape == before.shape else node + np.zeros(before.shape)


def flat(at, shape):
    """Return the expression of the place of an index in the array laid out row by row."""
    place = "0"
    for a, n in zip(at, shape, strict=True):
        place = plus(times(place, n), a)
    return place


def unravel(place, shape):
    """Return the index at a place in the array laid out row by row."""
    at = []
    for i, n in enumerate(shape):
        stride = int(np.prod(shape[i + 1 :], dtype=int))
        if place.isdecimal():
            at.append(str(int(place) // stride % n))
        else:
            whole = place if stride == 1 else f"Math.floor({place} / {stride})"
            at.append(whole if i == 0 else f"({whole} % {n})")
    return at


def plus(a, b):
    """Return `a + b`, computed now if both are known."""
    a, b = str(a), str(b)
    if a.lstrip("-").isdecimal() and b.lstrip("-").isdecimal():
        return str(int(a) + int(b))
    return a if b == "0" else b if a == "0" else f"({a} + {b})"


def times(a, n):
    """Return `a * n`, computed now if both are known."""
    if a.isdecimal():
        return str(int(a) * n)
    return a if n == 1 else "0" if n == 0 else f"({a} * {n})"
