"""Compares state_dicts of mdnc4j with PyTorch's own: compare.py OURS THEIRS ...; ends with the first difference."""
import sys

import torch


def difference(ours, theirs):
    if list(ours) != list(theirs):
        return f"keys: {list(ours)} instead of {list(theirs)}"
    for key, tensor in theirs.items():
        expected = tensor.float() if tensor.dtype == torch.float16 else tensor
        if ours[key].dtype != expected.dtype or ours[key].shape != expected.shape:
            return f"{key}: {ours[key].dtype} {ours[key].shape} instead of {expected.dtype} {expected.shape}"
        if not torch.equal(ours[key], expected):
            return f"{key}: other values"
        if not ours[key].is_contiguous():
            return f"{key}: not contiguous"


files = iter(sys.argv[1:])
for ours, theirs in zip(files, files):
    found = difference(torch.load(ours, weights_only=True), torch.load(theirs, weights_only=True))
    if found:
        sys.exit(f"{ours}: {found}")
