"""Writes resampling.npz: arrays NAME-in, and NAME-ORDERS-SIZE, what SciPy makes of them."""
import numpy as np
from scipy import ndimage
from skimage import transform

random = np.random.RandomState(14)
cases = {}


def zoomed(values, order, size):
    """Order by order where they differ."""
    if isinstance(order, int):
        return ndimage.zoom(values.astype(np.float64), np.divide(size, values.shape), order=order, mode="nearest", grid_mode=True)
    result = values.astype(np.float64)
    for axis, one in enumerate(order):
        part = list(result.shape)
        part[axis] = size[axis]
        result = zoomed(result, one, part)
    return result


def case(name, shape, orders, *sizes):
    values = (random.rand(*shape) * 200 - 50).astype(np.float32)
    cases[name + "-in"] = values
    for order in orders:
        for size in sizes:
            key = "%s-%s-%s" % (name, "".join(map(str, np.ravel(order))), "x".join(map(str, size)))
            cases[key] = zoomed(values, order, size)


case("signal", (13,), (0, 1, 3), (29,), (7,), (13,), (26,), (1,))
case("one", (1,), (0, 1, 3), (4,))
case("two", (2,), (0, 1, 3), (5,))
case("image", (7, 9), (0, 1, 3, (0, 3), (3, 1)), (12, 5), (7, 4), (3, 20))
case("volume", (4, 6, 5), (0, 1, 3, (0, 3, 3)), (7, 6, 3), (2, 9, 11))
# what nnU-Net does: cubic, clipped to the input's range
values = cases["image-in"]
cases["image-clipped-16x20"] = transform.resize(
    values.astype(np.float64), (16, 20), order=3, mode="edge", anti_aliasing=False, clip=True, preserve_range=True)
np.savez_compressed("resampling.npz", **cases)
