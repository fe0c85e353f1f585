"""Compares a state_dict of mdnc4j with one of PyTorch's own: compare.py OURS THEIRS; prints the first difference."""
import sys

import torch

ours = torch.load(sys.argv[1], weights_only=True)
theirs = torch.load(sys.argv[2], weights_only=True)
if list(ours) != list(theirs):
    sys.exit(f"keys: {list(ours)} instead of {list(theirs)}")
for key, tensor in theirs.items():
    expected = tensor.float() if tensor.dtype == torch.float16 else tensor
    if ours[key].dtype != expected.dtype or ours[key].shape != expected.shape:
        sys.exit(f"{key}: {ours[key].dtype} {ours[key].shape} instead of {expected.dtype} {expected.shape}")
    if not torch.equal(ours[key], expected):
        sys.exit(f"{key}: other values")
    if not ours[key].is_contiguous():
        sys.exit(f"{key}: not contiguous")
