"""Writes volumes of 4 x 3 x 2 voxels, and grids.csv: what nibabel says of their axes and spacing, as [z, y, x] in millimetres."""
import csv
import nibabel
import numpy as np
from nibabel.orientations import aff2axcodes

random = np.random.RandomState(14)
rows = []
MM = {"mm": 1, "micron": 1e-3, "meter": 1e3, "unknown": 1}


def turned(degrees, axis=2):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.eye(3)
    i, j = [a for a in range(3) if a != axis]
    turn[i, i], turn[i, j], turn[j, i], turn[j, j] = c, -s, s, c
    return turn


def affine(rotation, zooms):
    result = np.eye(4)
    result[:3, :3] = rotation @ np.diag(zooms)
    result[:3, 3] = (-10, 20, 30)
    return result


def volume(name, sform=None, qform=None, units="mm", zooms=None, change=None, second=False):
    data = np.arange(24, dtype=np.int16).reshape(4, 3, 2)
    image = (nibabel.Nifti2Image if second else nibabel.Nifti1Image)(data, None)
    header = image.header
    header.set_xyzt_units(units)
    if zooms is not None:
        header.set_zooms(zooms)
    image.set_sform(sform, code=0 if sform is None else 2)
    image.set_qform(qform, code=0 if qform is None else 1)
    nibabel.save(image, name + ".nii")
    if change:
        # behind nibabel's back, which would add an affine
        change(header)
        with open(name + ".nii", "r+b") as file:
            file.seek(76)
            file.write(header["pixdim"].tobytes())
    used = sform if sform is not None else qform
    if used is None:
        codes, steps = "", np.abs(image.header["pixdim"][1:4])
    else:
        codes = "".join(aff2axcodes(used))[::-1]
        steps = np.sqrt((used[:3, :3] ** 2).sum(0))
    steps = [float("%.6g" % (MM[units] * s)) for s in steps[::-1]]
    rows.append([name, " ".join(map(str, steps)) if min(steps) > 0 else "", codes])


def negative(header):
    header["pixdim"][1:4] *= -1


def zero(header):
    header["pixdim"][2] = 0


volume("sform", affine(np.eye(3), (1, 2, 3)))
volume("qform", None, affine(np.diag([-1, -1, 1]), (1, 2, 3)))
volume("left-handed", None, affine(np.diag([-1, 1, 1]), (1, 2, 3)))
volume("exchanged", affine(np.array([[0, 0, -1], [1, 0, 0], [0, -1, 0]]), (0.5, 2, 3)))
volume("both-differ", affine(np.diag([-1, 1, 1]), (1, 2, 3)), affine(np.eye(3), (1, 2, 3)))
volume("oblique", affine(turned(20) @ turned(12, 0), (1, 2, 3)))
volume("oblique-qform", None, affine(turned(75) @ turned(12, 0), (1, 2, 3)))
volume("micrometres", affine(np.eye(3), (100, 200, 300)), units="micron")
volume("metres", affine(np.eye(3), (0.001, 0.002, 0.003)), units="meter")
volume("no-unit", affine(np.eye(3), (1, 2, 3)), units="unknown")
volume("no-code", zooms=(1, 2, 3))
volume("negative", zooms=(1, 2, 3), change=negative)
volume("zero", zooms=(1, 2, 3), change=zero)
volume("second", affine(np.diag([-1, 1, -1]), (1, 2, 3)), second=True)
with open("grids.csv", "w", newline="") as out:
    csv.writer(out, lineterminator="\n").writerows([["name", "spacing", "orientation"]] + rows)
