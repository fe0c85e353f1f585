"""A plain residual block in PyTorch with weights of mdnc4j: block.py WEIGHTS INPUT OUTPUT."""
import sys

import numpy
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.conv1 = self.unit(channels, channels, 1)
        self.conv2 = self.unit(channels, out, 2)
        self.in_node = nn.Sequential(nn.Conv2d(channels, out, 1, stride=2, bias=False), nn.BatchNorm2d(out))

    @staticmethod
    def unit(channels, out, stride):
        return nn.Sequential(
            nn.BatchNorm2d(channels),
            nn.PReLU(channels),
            nn.Conv2d(channels, out, 3, stride=stride, padding=1, bias=False),
        )

    def forward(self, x):
        return self.conv2(self.conv1(x)) + self.in_node(x)


block = Block(4, 6)
block.load_state_dict(torch.load(sys.argv[1], weights_only=True), strict=True)
block.eval()
with torch.no_grad():
    numpy.save(sys.argv[3], block(torch.from_numpy(numpy.load(sys.argv[2]))).numpy())
