"""Writes the files beside it, as other programs do: python3 make.py (NumPy 2.4, Pillow 12.3, tifffile 2026.3, h5py 3.16, nibabel 5.4)."""
import h5py
import nibabel
import numpy as np
import tifffile
from PIL import Image

# a red and a green half with a blue corner, in a palette that begins with other colours
rgb = np.zeros((4, 6, 3), np.uint8)
rgb[:, :3] = [200, 10, 20]
rgb[:, 3:] = [30, 160, 40]
rgb[0, 0] = [50, 60, 220]
picture = Image.fromarray(rgb)
numbers = np.full((4, 6), 5, np.uint8)
numbers[:, 3:] = 2
numbers[0, 0] = 7
palette = Image.fromarray(numbers, "P")
colours = [0] * 768
for number, colour in ((5, [200, 10, 20]), (2, [30, 160, 40]), (7, [50, 60, 220])):
    colours[3 * number:3 * number + 3] = colour
palette.putpalette(colours)
palette.save("palette.png")
palette.save("palette.tif")
palette.info["transparency"] = 2
palette.save("palette-transparent.png", transparency=2)
picture.save("rgb.png")
alpha = picture.copy()
alpha.putalpha(Image.fromarray(np.tile(np.arange(0, 240, 40, dtype=np.uint8), (4, 1))))
alpha.save("rgba.png")
picture.convert("L").save("grey.png")
alpha.convert("LA").save("grey-alpha.png")
picture.convert("L").point(lambda v: 255 * (v > 80)).convert("1").save("bilevel.png")
picture.convert("L").quantize(4).save("grey-palette.png")

tifffile.imwrite("big.tif", numbers, bigtiff=True)

volume = np.arange(24, dtype=np.int16).reshape(4, 3, 2)  # x, y, z
affine = np.array([[-2, 0, 0, 10], [0, 0, 3, -20], [0, 1.5, 0, 30], [0, 0, 0, 1.0]])
for kind, name in ((nibabel.Nifti1Image, "first.nii.gz"), (nibabel.Nifti2Image, "second.nii.gz")):
    image = kind(volume, affine)
    image.header["descrip"] = b"made by nibabel"
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"an extension"))
    nibabel.save(image, name)
moved = affine.copy()
moved[0, 3] += 7
nibabel.save(nibabel.Nifti1Image((volume > 11).astype(np.uint8), moved), "moved.nii.gz")

x = np.arange(24, dtype=np.float32).reshape(6, 4)
y = np.array(["cat", "dog", "c\u00e1t"] * 2)
with h5py.File("texts.h5", "w") as file:
    file["x"] = x
    file["cs"] = np.array([t.encode() for t in y], dtype=h5py.string_dtype())
    file["fixed"] = np.array([b"cat", b"dog", b"cow"] * 2)
np.savez("set.npz", x=x, y=y)
np.savez_compressed("numbers.npz", inputs=x, targets=np.array([0, 1, 0, 1, 0, 1], dtype=np.int64))
