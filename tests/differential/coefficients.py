"""Random functions of time: smooth ones, pulses, and those with corners.

`random_coefficient` gives a node of syntax.py and hints: times near which something happens that a
coarse search could miss. Together with the corners that the oracle finds by itself they are where
its integration starts anew.
"""

from syntax import num, plus, times


def random_coefficient(draw, span, positive=False):
    """span: start and end of the evolution. Positive ones are >= 0 at all times."""
    start, end = span
    length = end - start
    kinds = dict(cosine=3, window=3, square=2, rectified=2, gauss=2, power=1, ramp=1, stairs=1,
                 late=1, decay=1, comb=1)  # fmt: skip
    if not positive:
        kinds |= dict(chirp=1, clipped=1, beat=1)
    kind = draw.weighted(kinds)
    return globals()["_" + kind](draw, start, length, positive)


def _time(draw, start, length, low=0.05, high=0.95):
    return round(start + length * draw.random.uniform(low, high), 3)


def _frequency(draw, length):
    periods = draw.random.uniform(0.5, 6)
    return float(f"{periods * 6.283185307 / length:.3g}")


def shifted(t0):
    return plus(["t"], ["-", num(t0)]) if t0 >= 0 else plus(["t"], num(-t0))


def before(t0):
    return plus(num(t0), ["-", ["t"]])


def step(node):
    return ["fn", "step", node]


def _cosine(draw, start, length, positive):
    w = _frequency(draw, length)
    wave = ["fn", draw.pick("cos", "sin"), times(num(w), ["t"])]
    if not positive:
        return wave, []
    return (["^", wave, num(2)] if draw.chance(0.5) else plus(num(1), ["-", wave])), []


def _window(draw, start, length, positive):
    first = _time(draw, start, length, 0.05, 0.7)
    width = round(length * draw.pick(0.3, 0.1, 0.02, 0.003), 4)
    last = round(first + width, 4)
    if draw.chance(0.3):
        return plus(step(shifted(first)), ["-", step(shifted(last))]), [first, last]
    return times(step(shifted(first)), step(before(last))), [first, last]


def _late(draw, start, length, positive):
    first = _time(draw, start, length, 0.6, 0.95)
    return step(shifted(first)), [first]


def _square(draw, start, length, positive):
    period = round(length / draw.pick(2, 3, 5, 10, 20), 3)
    half = ["/", num(period), num(2)]
    wave = step(plus(["fn", "mod", ["t"], num(period)], ["-", half]))
    edges = [k * period / 2 for k in range(int(2 * (start + length) / period) + 1)]
    edges = [t for t in edges if start < t < start + length]
    return (wave if positive else plus(num(1), ["-", times(num(2), wave)])), edges


def _rectified(draw, start, length, positive):
    wave = ["fn", draw.pick("sin", "cos"), times(num(_frequency(draw, length)), ["t"])]
    if draw.chance(0.5):
        return ["fn", "abs", wave], []
    return ["fn", "max", num(0), wave], []


def _clipped(draw, start, length, positive):
    wave = ["fn", "cos", times(num(_frequency(draw, length)), ["t"])]
    limit = draw.number(0.2, 0.8)
    return ["fn", "min", num(limit), ["fn", "max", num(-limit), wave]], []


def _gauss(draw, start, length, positive):
    centre = _time(draw, start, length)
    width = float(f"{length * draw.pick(0.1, 0.03, 0.01):.2g}")
    square = ["^", ["/", shifted(centre), num(width)], num(2)]
    hints = [centre + k * width for k in (-8, -5, -3, -1, 0, 1, 3, 5, 8)]
    return ["fn", "exp", ["-", square]], [t for t in hints if start < t < start + length]


def _power(draw, start, length, positive):
    period = round(length / draw.pick(1, 2, 5), 3)
    wave = ["fn", "sin", ["/", times(["pi"], ["t"]), num(period)]]
    hints = [k * period / 4 for k in range(int(4 * (start + length) / period) + 1)]
    hints = [t for t in hints if start < t < start + length]
    return ["^", wave, num(draw.pick(2, 4, 8))], hints


def _ramp(draw, start, length, positive):
    first = _time(draw, start, length, 0.05, 0.4)
    last = _time(draw, start, length, 0.5, 0.95)
    slope = ["/", shifted(first), num(round(last - first, 4))]
    return ["fn", "min", num(1), ["fn", "max", num(0), slope]], [first, last]


def _stairs(draw, start, length, positive):
    width = round(length / draw.pick(2, 4, 7), 3)
    stairs = ["fn", "floor", ["/", ["t"], num(width)]]
    edges = [k * width for k in range(int((start + length) / width) + 2)]
    edges = [t for t in edges if start < t < start + length]
    if positive:
        return ["/", plus(num(1), ["fn", "abs", stairs]), num(8)], edges
    return ["/", stairs, num(8)], edges


def _decay(draw, start, length, positive):
    return ["fn", "exp", ["-", ["/", ["t"], num(round(length / draw.pick(1, 3, 10), 3))]]], []


def _chirp(draw, start, length, positive):
    rate = float(f"{6.0 / length**2:.3g}")
    return ["fn", "cos", times(num(rate), ["^", ["t"], num(2)])], []


def _beat(draw, start, length, positive):
    """The sign of a sum of two waves: corners at no simple times."""
    first = ["fn", "cos", times(num(_frequency(draw, length)), ["t"])]
    second = ["fn", "sin", times(num(_frequency(draw, length)), ["t"])]
    inside = plus(first, times(num(draw.number(0.2, 0.9)), second))
    return plus(times(num(2), step(inside)), ["-", num(1)]), []


def _comb(draw, start, length, positive):
    """A short flash in each period."""
    period = round(length / draw.pick(2, 3, 6), 3)
    width = round(period * draw.pick(0.2, 0.05), 4)
    flash = step(plus(num(width), ["-", ["fn", "mod", ["t"], num(period)]]))
    edges = []
    for k in range(int((start + length) / period) + 1):
        edges += [k * period, k * period + width]
    return flash, [t for t in edges if start < t < start + length]
